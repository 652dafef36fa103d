import type { FileEntry, Sighting } from '../../../model/manifest.ts';
import type { Database, World } from '../../../model/target.ts';
import { comparePictures } from './compare-pictures.ts';
import { decodeImages } from './decode-images.ts';
import type { InspectionOptions } from './inspect.ts';
import { readSidecars } from './read-sidecars.ts';
import { readVideos } from './read-videos.ts';
import type { Shape } from './shape.ts';

/** What was seen inside of files, and of how many. */
export interface FilesSeen {
  readonly sightings: readonly Sighting[];
  readonly facts: Readonly<Record<string, string>>;
}

/** Looks into files of whose bytes no row vouches: whether images are images and show what they should, sidecars are XML, and videos whole. */
export async function lookIntoFiles(
  world: World,
  listFiles: () => AsyncIterable<FileEntry> | undefined,
  shape: Shape,
  { images: count, mediaRoots, openDecoder }: InspectionOptions,
  kept: ReadonlySet<string> | undefined,
): Promise<FilesSeen> {
  const files = listFiles();
  // Of files that came and went in batches, those that are to be looked into may not have come a second time.
  if (!files || count === 0 || !world.has('library')) return { sightings: [], facts: {} };
  const database: Database = world.database('database');
  const volume = world.volume('library');
  await using decoder = await openDecoder();
  const images = await decodeImages(volume, files, count, decoder, kept);
  const pictures = await comparePictures(database, volume, shape, { count, mediaRoots, decoder });
  const sidecars = await readSidecars(volume, listFiles() ?? [], count, kept);
  const videos = await readVideos(volume, listFiles() ?? [], count, kept);
  return {
    sightings: [...images.sightings, ...pictures, ...sidecars, ...videos],
    facts: { 'images decoded': `${images.sightings.length} of ${images.of}` },
  };
}
