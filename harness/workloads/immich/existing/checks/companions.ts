import { SortedCursor } from '../../../../checks/join/sorted-cursor.ts';
import { observed } from '../../../../checks/judging/observed.ts';
import { Tally } from '../../../../checks/judging/tally.ts';
import { counted } from '../../../../checks/judging/wording.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';
import { SIDECAR } from '../read-sidecars.ts';
import { ORIGINAL } from '../references.ts';
import { filesOf } from './files-of.ts';
import { Meanwhile } from './meanwhile.ts';

/** Judges the files beside the originals: sidecars and avatars must be there, what Immich makes again may be missing. */
export function companions(database: string, library: string): Check {
  return {
    name: 'rows-to-files',
    component: library,
    proves:
      'Every sidecar and profile image that a row speaks of is there; thumbnails and transcodes are there or can be made again.',
    judge: (evidence) => judgeCompanions(evidence, database, library),
  };
}

async function judgeCompanions(evidence: Evidence, database: string, library: string): Promise<Judgement> {
  const tally = new Tally();
  const references = observed(evidence, tally, 'after', database, 'references');
  const files = filesOf(evidence, tally, library);
  let found = 0;
  let missing = 0;
  let went = 0;
  if (references && files) {
    await using cursor = new SortedCursor(files, (file) => file.path, `files of ${library}`);
    await using meanwhile = new Meanwhile(evidence, library);
    for await (const { kind, path, owner, regenerable } of references) {
      if (kind === ORIGINAL) continue;
      const file = await cursor.seek(path);
      if (file?.type === 'file' && file.sizeBytes > 0) found += 1;
      else if (regenerable) missing += 1;
      else if (!file && (await meanwhile.went(path, false))) went += 1;
      else tally.wrong(`${owner}: ${path}`, 'a file', file ? `a ${file.type} of ${file.sizeBytes} bytes` : 'missing');
    }
  }
  for await (const { kind, id, ok, saw } of observed(evidence, tally, 'after', database, 'sightings') ?? [])
    if (kind === SIDECAR && !ok) tally.wrong(id.slice(SIDECAR.length + 1), 'a sidecar in XML', saw);
  if (went > 0)
    tally.gap(`${counted(went, 'file')} moved or deleted by the running Immich while the drill copied its files`);
  const again =
    missing > 0
      ? `, ${counted(missing, 'file')} not there that Immich makes again, which takes time and no RTO counts`
      : '';
  return tally.judgement('every file that cannot be made again', `${counted(found, 'file')} found${again}`);
}
