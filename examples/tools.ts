import type { ToolDefinition } from '../harness/machine/tools/toolbox/definition.ts';

/** What checks workflows; only tests need it, so no drill looks for it. */
export const actionlint: ToolDefinition = {
  name: 'actionlint',
  programs: ['actionlint'],
  purpose: 'checks workflows of GitHub Actions',
  accepts: '>=1.7 <2',
  acceptsUnversioned: true,
  version: { args: ['-version'], pattern: /^v?(\d+(?:\.\d+)*)/m },
  go: {
    module: 'github.com/rhysd/actionlint',
    version: 'v1.7.7',
    sums: new URL('./modules/actionlint/', import.meta.url),
    commands: { actionlint: 'cmd/actionlint' },
    sets: { 'github.com/rhysd/actionlint.version': '1.7.7' },
    takes: 'some seconds',
  },
  hint: 'install actionlint, or Go.',
};

/** What checks shell scripts, and for actionlint those in workflows. */
export const shellcheck: ToolDefinition = {
  name: 'shellcheck',
  programs: ['shellcheck'],
  purpose: 'checks shell scripts',
  accepts: '*',
  version: { args: ['--version'], pattern: /version: (\d+(?:\.\d+)*)/ },
  debianPackages: ['shellcheck'],
  hint: 'install shellcheck.',
};
