import type { ToolDefinition } from '../../../harness/machine/tools/toolbox/definition.ts';

/** What checks metrics and rules as Prometheus does; only tests need it, so no drill looks for it. */
export const promtool: ToolDefinition = {
  name: 'promtool',
  programs: ['promtool'],
  purpose: 'checks metrics and alert rules',
  accepts: '*',
  version: { args: ['--version'], pattern: /version (\d+(?:\.\d+)*)/ },
  debianPackages: ['prometheus'],
  hint: 'install prometheus.',
};
