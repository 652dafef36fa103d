import { SortedCursor } from '../../../../checks/join/sorted-cursor.ts';
import { observed } from '../../../../checks/judging/observed.ts';
import { Tally } from '../../../../checks/judging/tally.ts';
import { counted } from '../../../../checks/judging/wording.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';
import type { FileEntry, Moment, Reference } from '../../../../model/manifest.ts';
import { ORIGINAL } from '../references.ts';

/** Judges that the newer version still knows every asset that it was given, by its id, with the same bytes on disk. */
export function keptAssets(database: string, library: string): Check {
  return {
    name: 'assets',
    component: database,
    proves: 'Every asset is known after the upgrade by the same id, with the same SHA-1, and its original has it.',
    judge: (evidence) => judgeAssets(evidence, database, library),
  };
}

/** What is known of one asset: the SHA-1 of its row, and that of its file, empty when that is not there. */
interface Known {
  readonly owner: string;
  readonly row: string;
  readonly file: string;
}

async function judgeAssets(evidence: Evidence, database: string, library: string): Promise<Judgement> {
  const tally = new Tally();
  const before = await knownAt('before', evidence, tally, database, library);
  const after = before && (await knownAt('after', evidence, tally, database, library));
  let bytes = 0;
  if (before && after)
    for (const [id, known] of before) {
      const now = after.get(id);
      if (!now) tally.wrong(known.owner, 'known after the upgrade', 'no row');
      else if (now.row !== known.row) tally.wrong(known.owner, `SHA-1 ${known.row} in its row`, now.row || 'none');
      // A file that was not restored, as in a sample, cannot be lost by an upgrade.
      else if (known.file && now.file !== known.file)
        tally.wrong(known.owner, `a file with the SHA-1 ${known.file}`, now.file || 'missing');
      else if (known.file) bytes += 1;
    }
  if (before?.size === 0) tally.gap('the restored database knows no asset with an original of its own');
  return tally.judgement(
    'every asset as it was',
    `${tally.count} lost or changed of ${counted(before?.size ?? 0, 'asset')}, ${counted(bytes, 'original')} with the same SHA-1`,
  );
}

async function knownAt(
  moment: Moment,
  evidence: Evidence,
  tally: Tally,
  database: string,
  library: string,
): Promise<ReadonlyMap<string, Known> | undefined> {
  const references = observed(evidence, tally, moment, database, 'references');
  const files = observed(evidence, tally, moment, library, 'files');
  if (!references || !files) return undefined;
  const known = new Map<string, Known>();
  await using cursor = new SortedCursor<FileEntry>(files, (file) => file.path, `files of ${library}`);
  for await (const reference of references) {
    if (reference.kind !== ORIGINAL) continue;
    const file = await cursor.seek(reference.path);
    known.set(idOf(reference), { owner: reference.owner, row: reference.sha1, file: file?.sha1 ?? '' });
  }
  return known;
}

/** An asset may be renamed by a newer version, but not get another id. */
function idOf({ owner }: Reference): string {
  return owner.split(' ')[1] ?? '';
}
