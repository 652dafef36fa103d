import type { ToolDefinition } from './toolbox/definition.ts';

/** The last version of the module; the project was archived in 2026 and its downloads are gone. */
const MODULE_VERSION = 'v0.0.0-20260212201848-7aac2a2c5b7c';
const RELEASE_TIME = '2026-02-12T20:18:48Z';

/** An S3 server that many clusters still run. */
export const tool: ToolDefinition = {
  name: 'minio',
  programs: ['minio'],
  purpose: 'serves S3 buckets, as many clusters still do',
  accepts: '*',
  // Built with plain `go install` it calls itself "DEVELOPMENT.GOGET".
  acceptsUnversioned: true,
  version: { args: ['--version'], pattern: /minio version (?:RELEASE\.)?(\S+)/ },
  go: {
    module: 'github.com/minio/minio',
    version: MODULE_VERSION,
    sums: new URL('./modules/minio/', import.meta.url),
    commands: { minio: '' },
    sets: {
      'github.com/minio/minio/cmd.Version': RELEASE_TIME,
      'github.com/minio/minio/cmd.ReleaseTag': `RELEASE.${RELEASE_TIME.replaceAll(':', '-')}`,
    },
    takes: 'a few minutes',
  },
  hint: 'use versitygw instead, or install Go and minio is built for you from its last module version.',
};
