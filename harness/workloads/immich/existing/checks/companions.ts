import { SortedCursor } from '../../../../checks/join/sorted-cursor.ts';
import { observed } from '../../../../checks/judging/observed.ts';
import { Tally } from '../../../../checks/judging/tally.ts';
import { counted } from '../../../../checks/judging/wording.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';
import { SIDECAR } from '../read-sidecars.ts';
import { VIDEO } from '../read-videos.ts';
import { ORIGINAL } from '../references.ts';
import { filesOf } from './files-of.ts';
import { Meanwhile } from './meanwhile.ts';

/** Judges the files beside the originals: sidecars and avatars must be there, what Immich makes again may be missing. */
export function companions(database: string, library: string): Check {
  return {
    name: 'rows-to-files',
    component: library,
    proves:
      'Every sidecar and profile image that a row speaks of is there; thumbnails and transcodes are there or can be made again, and the transcodes that are there are whole.',
    judge: (evidence) => judgeCompanions(evidence, database, library),
  };
}

async function judgeCompanions(evidence: Evidence, database: string, library: string): Promise<Judgement> {
  const tally = new Tally();
  const references = observed(evidence, tally, 'after', database, 'references');
  const files = filesOf(evidence, tally, library);
  const { sidecars, videos } = await broken(evidence, tally, database);
  let found = 0;
  let missing = 0;
  let went = 0;
  if (references && files) {
    await using cursor = new SortedCursor(files, (file) => file.path, `files of ${library}`);
    await using meanwhile = new Meanwhile(evidence, library);
    for await (const { kind, path, owner, regenerable } of references) {
      if (kind === ORIGINAL) continue;
      const file = await cursor.seek(path);
      const video = file && videos.get(path);
      if (video !== undefined) tally.wrong(`${owner}: ${path}`, 'a video that is whole', video);
      else if (file?.type === 'file' && file.sizeBytes > 0) found += 1;
      else if (regenerable) missing += 1;
      else if (!file && (await meanwhile.went(path, false))) went += 1;
      else tally.wrong(`${owner}: ${path}`, 'a file', file ? `a ${file.type} of ${file.sizeBytes} bytes` : 'missing');
    }
  }
  for (const [path, saw] of sidecars) tally.wrong(path, 'a sidecar in XML', saw);
  if (went > 0)
    tally.gap(`${counted(went, 'file')} moved or deleted by the running Immich while the drill copied its files`);
  const again =
    missing > 0
      ? `, ${counted(missing, 'file')} not there that Immich makes again, which takes time and no RTO counts`
      : '';
  return tally.judgement('every file that cannot be made again', `${counted(found, 'file')} found${again}`);
}

/** What was looked into and is not what it should be, by path; few. */
async function broken(
  evidence: Evidence,
  tally: Tally,
  database: string,
): Promise<{ readonly sidecars: ReadonlyMap<string, string>; readonly videos: ReadonlyMap<string, string> }> {
  const sidecars = new Map<string, string>();
  const videos = new Map<string, string>();
  for await (const { kind, id, ok, saw } of observed(evidence, tally, 'after', database, 'sightings') ?? []) {
    if (ok) continue;
    if (kind === SIDECAR) sidecars.set(id.slice(SIDECAR.length + 1), saw);
    // One that no row speaks of yet may have been in the making.
    else if (kind === VIDEO) videos.set(id.slice(VIDEO.length + 1), saw);
  }
  return { sidecars, videos };
}
