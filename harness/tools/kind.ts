import type { ToolDefinition } from './toolbox/definition.ts';

/** Kubernetes in Docker. Its releases publish one checksum file for each program, so they are not downloaded. */
export const tool: ToolDefinition = {
  name: 'kind',
  programs: ['kind'],
  purpose: 'makes ephemeral Kubernetes clusters in Docker',
  accepts: '>=0.24 <1',
  version: { args: ['version'], pattern: /kind v(\d+(?:\.\d+)+)/ },
  go: {
    module: 'sigs.k8s.io/kind',
    version: 'v0.33.0',
    commands: { kind: '' },
    takes: 'about a minute',
  },
  hint: 'install kind (kind.sigs.k8s.io, `brew install kind`), or install Go and it is built for you.',
};
