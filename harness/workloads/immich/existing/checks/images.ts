import { observed } from '../../../../checks/judging/observed.ts';
import { Tally } from '../../../../checks/judging/tally.ts';
import { counted } from '../../../../checks/judging/wording.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';
import { PICTURE } from '../compare-pictures.ts';
import { IMAGE } from '../decode-images.ts';

/** Judges that images are images: for thumbnails and previews, of which no checksum is known, the only proof there is. */
export function images(database: string, library: string): Check {
  return {
    name: 'images',
    component: library,
    proves:
      'Images of a random sample of every kind can be decoded to their last pixel, and thumbnails and previews show what they were made of.',
    judge: (evidence) => judgeImages(evidence, database, library),
  };
}

async function judgeImages(evidence: Evidence, database: string, library: string): Promise<Judgement> {
  const tally = new Tally();
  const { right, withRow } = await lookUp(evidence, tally, database, library);
  let decoded = 0;
  let brokenBefore = 0;
  let unknown = 0;
  let compared = 0;
  for await (const { kind, id, ok, saw } of observed(evidence, tally, 'after', database, 'sightings') ?? []) {
    if (kind === PICTURE) {
      compared += 1;
      if (!ok) tally.wrong(id.slice(PICTURE.length + 1), 'the picture that Immich made it of', saw);
    }
    if (kind !== IMAGE) continue;
    const path = id.slice(IMAGE.length + 1);
    if (ok) decoded += 1;
    // Its bytes are those that were uploaded: it was broken already, and the backup has kept it faithfully.
    else if (right.has(path)) brokenBefore += 1;
    // What no row speaks of is a leftover, or an upload that was under way.
    else if (!withRow.has(path)) unknown += 1;
    else tally.wrong(path, 'an image that can be decoded', saw);
  }
  if (decoded + brokenBefore + unknown + tally.count === 0) tally.gap('no image was decoded');
  const before = brokenBefore > 0 ? `, ${brokenBefore} broken already when uploaded` : '';
  const without = unknown > 0 ? `, ${unknown} that are none and that no row speaks of` : '';
  const of = evidence.facts['images decoded'] ?? counted(decoded, 'image');
  return tally.judgement(
    'images that can be decoded',
    `${of} decoded, ${counted(compared, 'thumbnail')} compared with what they must show, ${tally.count} wrong${before}${without}`,
  );
}

/** What is known of images that cannot be decoded. */
interface Known {
  /** Their bytes are those that were uploaded. */
  readonly right: ReadonlySet<string>;
  /** A row speaks of them. */
  readonly withRow: ReadonlySet<string>;
}

/** Looks up what cannot be decoded among rows and files; few, so that their paths are held in memory. */
async function lookUp(evidence: Evidence, tally: Tally, database: string, library: string): Promise<Known> {
  const broken = new Set<string>();
  for await (const { kind, id, ok } of observed(evidence, tally, 'after', database, 'sightings') ?? [])
    if (kind === IMAGE && !ok) broken.add(id.slice(IMAGE.length + 1));
  const known = new Map<string, string>();
  const right = new Set<string>();
  if (broken.size === 0) return { right, withRow: broken };
  for await (const { path, sha1 } of observed(evidence, tally, 'after', database, 'references') ?? [])
    if (broken.has(path)) known.set(path, sha1);
  for await (const { path, sha1 } of observed(evidence, tally, 'after', library, 'files') ?? [])
    if (sha1 && known.get(path) === sha1) right.add(path);
  return { right, withRow: new Set(known.keys()) };
}
