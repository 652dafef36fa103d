import type { ToolDefinition } from './toolbox/definition.ts';

/** Small programs over files; the GNU ones, or their successors that take the same options. */
export const tool: ToolDefinition = {
  name: 'coreutils',
  programs: ['sha256sum', 'cat', 'cp', 'mv', 'rm', 'mkdir', 'chmod', 'chown', 'touch', 'ls', 'sort', 'split', 'tee'],
  purpose: 'copies, lists and hashes files',
  accepts: '*',
  version: { args: ['--version'], pattern: /coreutils\) (\d+(?:\.\d+)+)/ },
  hint: 'install GNU coreutils (`apt-get install coreutils`, `apk add coreutils`, `brew install coreutils` and put its gnubin folder on PATH).',
};
