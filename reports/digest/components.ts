import type { CheckResult, RunResult } from '../../harness/model/result.ts';
import { combineVerdicts, type Verdict } from '../../harness/model/verdict.ts';

/** The checks of one component and what they come to together. */
export interface ComponentDigest {
  readonly component: string;
  readonly title: string;
  /** The backup path that brought it back; empty where there is none. */
  readonly path: string;
  readonly verdict: Verdict;
  readonly passed: number;
  readonly checks: readonly CheckResult[];
}

/** The checks by component, in the order of the drill's paths, the whole last. */
export function componentsOf(result: RunResult): ComponentDigest[] {
  const groups = Map.groupBy(result.checks, (check) => check.component);
  const order = [...Object.keys(result.drill.paths), ...[...groups.keys()].filter((name) => name !== 'all'), 'all'];
  return [...new Set(order)].flatMap((component) => {
    const checks = groups.get(component) ?? [];
    if (checks.length === 0) return [];
    return [
      {
        component,
        title: componentTitle(component),
        path: result.drill.paths[component]?.name ?? '',
        verdict: combineVerdicts(checks.map((check) => check.verdict)),
        passed: checks.filter((check) => check.verdict === 'pass').length,
        checks,
      },
    ];
  });
}

/** What people call a component; `all` is the whole workload. */
export function componentTitle(component: string): string {
  return component === 'all' ? 'overall' : component;
}
