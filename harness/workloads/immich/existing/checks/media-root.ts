import { observed } from '../../../../checks/judging/observed.ts';
import { Tally } from '../../../../checks/judging/tally.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';
import { ROOT, SAVED_ROOT } from '../inspect.ts';

/** Judges that all rows speak of one media root: Immich does not start on two, or does not find its files. */
export function mediaRoot(component: string): Check {
  return {
    name: 'media-root',
    component,
    proves:
      'All paths of files begin with one media root, the one that the database names, which Immich moves as a whole when it starts.',
    judge: (evidence) => judgeRoots(evidence, component),
  };
}

async function judgeRoots(evidence: Evidence, component: string): Promise<Judgement> {
  const tally = new Tally();
  const roots: { root: string; saw: string }[] = [];
  let saved: string | undefined;
  for await (const { kind, id, saw } of observed(evidence, tally, 'after', component, 'sightings') ?? []) {
    if (kind === ROOT) roots.push({ root: id.slice(ROOT.length + 1), saw });
    if (kind === SAVED_ROOT) saved = saw;
  }
  const [first] = roots.toSorted((a, b) => Number.parseInt(b.saw, 10) - Number.parseInt(a.saw, 10));
  for (const { root, saw } of roots)
    if (root === '') tally.wrong(saw, 'a path below a media root', 'below none that is known');
    else if (root !== first?.root) tally.wrong(saw, `a path below ${first?.root}, as the others`, `below ${root}`);
  if (roots.length === 0) tally.gap('no asset of the library was seen');
  else if (saved !== undefined && first?.root !== saved)
    tally.wrong('MediaLocation of system_metadata', `${first?.root}, with which the paths begin`, saved);
  return tally.judgement('one media root', `${first?.root}: ${first?.saw}`);
}
