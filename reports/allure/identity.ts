import type { Label, Parameter } from 'allure-js-commons';
import { LabelName, Severity } from 'allure-js-commons';
import type { RunResult } from '../../harness/model/result.ts';

/** What makes a test the same one in the next run: the drill, the component, the check and the substrate, nothing else. */
export function fullNameOf({ drill }: RunResult, component: string, check: string): string {
  return [drill.name, component, check].join('/');
}

/** The parameters of a run; those that may change from run to run do not make another test of it. */
export function parametersOf({ drill, run }: RunResult, component: string): Parameter[] {
  const scale = Object.entries(drill.workload.scale).map(([name, value]) => ({
    name,
    value: String(value),
    excluded: true,
  }));
  const path = drill.paths[component];
  return [
    { name: 'substrate', value: drill.substrate },
    { name: 'disaster', value: drill.disaster, excluded: true },
    ...(path ? [{ name: 'backup path', value: path.name, excluded: true }] : []),
    { name: 'workload', value: `${drill.workload.name} ${drill.workload.version}`, excluded: true },
    ...scale,
    { name: 'run', value: run.id, excluded: true },
  ];
}

/** The labels of a test: the drill is its suite, the component its feature. */
export function labelsOf({ drill }: RunResult, component: string, severity: Severity): Label[] {
  return [
    { name: LabelName.FRAMEWORK, value: 'restore-drill' },
    { name: LabelName.EPIC, value: drill.workload.name },
    { name: LabelName.SUITE, value: drill.name },
    { name: LabelName.SUB_SUITE, value: component },
    { name: LabelName.FEATURE, value: component },
    { name: LabelName.SEVERITY, value: severity },
  ];
}

/** How bad it is when a check of a component fails: data that nobody can make again comes first. */
export function severityOf(objective: boolean): Severity {
  return objective ? Severity.NORMAL : Severity.CRITICAL;
}
