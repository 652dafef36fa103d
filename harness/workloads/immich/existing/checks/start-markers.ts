import { observed } from '../../../../checks/judging/observed.ts';
import { Tally } from '../../../../checks/judging/tally.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';
import { MARKER, MEDIA_FOLDERS } from '../../layout.ts';

/** Judges the markers of all folders but those that the user says to leave out and to make again. */
export function startMarkers(library: string, leavesOut: readonly string[]): Check {
  return {
    name: 'markers',
    component: library,
    proves: `Immich finds its ${MARKER} marker in each of its folders, and so would start.`,
    judge: (evidence) => judgeMarkers(evidence, library, leavesOut),
  };
}

async function judgeMarkers(evidence: Evidence, library: string, leavesOut: readonly string[]): Promise<Judgement> {
  const tally = new Tally();
  const wanted = MEDIA_FOLDERS.filter((folder) => !leavesOut.includes(folder));
  const missing = new Set(wanted.map((folder) => `${folder}/${MARKER}`));
  const files = observed(evidence, tally, 'after', library, 'files');
  if (files) {
    for await (const { path, type, sizeBytes } of files)
      if (missing.delete(path) && (type !== 'file' || sizeBytes === 0))
        tally.wrong(path, 'a file with a time in it', type === 'file' ? 'an empty file' : `a ${type}`);
    for (const path of missing) tally.wrong(path, 'a file', 'missing');
  }
  const made =
    leavesOut.length > 0
      ? `; make ${leavesOut.map((folder) => `${folder}/${MARKER}`).join(', ')} again before Immich starts`
      : '';
  return tally.judgement('a marker in every folder', `${wanted.length - tally.count} of ${wanted.length} there${made}`);
}
