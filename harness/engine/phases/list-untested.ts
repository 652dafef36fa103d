import { kindOf } from '../../kinds/kinds.ts';
import type { AnyDrill } from '../../model/drill.ts';
import type { PathFacts } from '../../model/path.ts';
import type { Run } from '../run.ts';

/** Why something is not tested, as the kind of drill has it. */
interface Reasons {
  readonly noPath: string;
  leftOut(path: PathFacts): string;
}

/** Says before anything is made what will not be tested: components without a path, and what their paths do not keep. */
export function listUntested(
  { log: { notTested } }: Run,
  { workload, paths }: AnyDrill,
  { noPath, leftOut }: Reasons,
): void {
  for (const { name } of workload.components) if (!paths[name]) notTested.push({ what: name, why: noPath });
  for (const [component, path] of Object.entries(paths)) {
    const kind = kindOf({ kind: path.protects });
    const lost = kind.attributesLost(path.promises).join(', ');
    if (lost !== '')
      notTested.push({ what: `${lost} of the ${kind.holds} in ${component}`, why: `${path.name} does not keep them` });
    for (const folder of path.promises.leavesOut)
      notTested.push({ what: `${component}/${folder}`, why: leftOut(path) });
  }
}
