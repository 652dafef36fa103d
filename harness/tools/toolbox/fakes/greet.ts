import type { ToolDefinition } from '../definition.ts';

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

/** The fake tool with a release of one asset for this machine. */
export function releasedGreet(asset: string): ToolDefinition {
  const assets = { [`${process.platform}-${process.arch}`]: asset };
  return { ...greet, release: { repository: 'people/greet', tag: 'v1.2.3', checksums: 'SHA256SUMS', assets } };
}
