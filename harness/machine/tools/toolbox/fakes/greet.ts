import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import type { GoBuild, ToolDefinition } from '../definition.ts';

/** A tool of one program that says `greet <version>`. */
export const greet: ToolDefinition = {
  name: 'greet',
  programs: ['greet'],
  purpose: 'greets',
  accepts: '>=1.2 <2',
  version: { args: ['--version'], pattern: /greet (\S+)/ },
  hint: 'install greet.',
};

/** Where a server must serve the fake tool's release. */
export const GREET_BASE = '/people/greet/releases/download/v1.2.3';

/** The fake tool with a release of one asset for this machine, and with the sum that it must have. */
export function releasedGreet(file: string, bytes: Uint8Array): ToolDefinition {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const assets = { [`${process.platform}-${process.arch}`]: { file, sha256 } };
  return { ...greet, release: { repository: 'people/greet', tag: 'v1.2.3', assets } };
}

/** How the fake tool is built with Go, out of a folder with its `go.mod` and `go.sum`. */
export function goBuildOf(folder: string): GoBuild {
  return {
    module: 'example.org/greet',
    version: 'v1.2.3',
    sums: pathToFileURL(`${folder}/`),
    commands: { greet: 'cmd/greet' },
    takes: 'no time',
  };
}
