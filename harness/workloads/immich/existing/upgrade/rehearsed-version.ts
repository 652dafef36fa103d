import { Tally } from '../../../../checks/judging/tally.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';

/** Judges that the server which was started says which version it is, and that it is the one that its image's tag names. */
export function rehearsedVersion(named: string): Check {
  return {
    name: 'rehearsed-version',
    component: 'all',
    proves: 'The newer version says itself which one it is, and the tag of its image names no other.',
    judge: async (evidence) => judgeVersion(evidence, named),
  };
}

function judgeVersion({ ready }: Evidence, named: string): Judgement {
  const tally = new Tally();
  const says = ready?.version;
  if (!ready) tally.gap('nobody asked the server');
  else if (says === undefined) tally.gap('the server did not say which version it is');
  else if (named !== '' && !isOf(says, named))
    tally.wrong('the version of the server', `${named}, as its tag says`, says);
  return tally.judgement(
    `the server says which version it is${named === '' ? '' : `, and that is ${named}`}`,
    `${says}, as the server says`,
  );
}

/** Whether a version is the one that is named, as far as both say, or one of those that a short name such as `v3` stands for. */
function isOf(version: string, named: string): boolean {
  const [whole, parts] = [partsOf(version), partsOf(named)];
  return parts.every((part, index) => index >= whole.length || part === whole[index]);
}

function partsOf(version: string): number[] {
  return version.replace(/^v/, '').split('.').map(Number);
}
