import { objectives } from '../../../checks/objectives.ts';
import { ready } from '../../../checks/ready.ts';
import type { LastPassed } from '../../../existing/configuration/plug-in.ts';
import type { ImageDecoder } from '../../../model/image-decoder.ts';
import type { Component, FoundWorkload } from '../../../model/workload.ts';
import { companions } from './checks/companions.ts';
import { dump } from './checks/dump.ts';
import { images } from './checks/images.ts';
import { mediaRoot } from './checks/media-root.ts';
import { type Minimums, minimums } from './checks/minimums.ts';
import { numbers } from './checks/numbers.ts';
import { originals } from './checks/originals.ts';
import { recency } from './checks/recency.ts';
import { relations } from './checks/relations.ts';
import { schema } from './checks/schema.ts';
import { serving } from './checks/serving.ts';
import { startMarkers } from './checks/start-markers.ts';
import { untracked } from './checks/untracked.ts';
import { version } from './checks/version.ts';
import { chooseImages } from './decode-images.ts';
import { inspectFound } from './inspect.ts';
import { inventoryFound } from './inventory.ts';
import { neededToStart, readyFound } from './ready.ts';
import { referencesFound } from './references.ts';

const DATABASE = 'database';
const LIBRARY = 'library';

/** What the owner of a library says of it. */
export interface FoundImmichOptions {
  readonly atLeast: Minimums;
  /** What the last run of this drill that passed has counted. */
  readonly last?: LastPassed;
  /** Files of the library that may lie there without a row. */
  readonly untracked: number;
  /** How many images to decode. */
  readonly images: number;
  /** Where they are decoded. */
  openDecoder(): Promise<ImageDecoder>;
  /** Media roots beside the usual ones and the one that the database names. */
  readonly mediaRoots: readonly string[];
  readonly leavesOut: readonly string[];
  /** Objects of the schema, by kind and name, that the living database lacks or has otherwise, too. */
  readonly schemaDiffers: readonly string[];
  /** Without files there is only the database to be judged. */
  readonly hasLibrary: boolean;
  /** Only some of the files are restored. */
  readonly isSample: boolean;
  /** The repository that the backup came from is not looked at as a whole. */
  readonly storeUnchecked: boolean;
  /** They are no backups: Immich runs, and writes both of them while they are read. */
  readonly isInUse: boolean;
  /** How old the newest asset may be, such as `30d`. */
  readonly newestAsset?: string;
  /** How much older than its dump the youngest row may be. */
  readonly newestRow: string;
}

const COMPONENTS: readonly Component[] = [
  {
    name: LIBRARY,
    kind: 'volume',
    title: 'Photos and videos (the media root)',
    regenerable: ['thumbs', 'encoded-video'],
  },
  { name: DATABASE, kind: 'postgres', title: 'Database', regenerable: [] },
];

/** Somebody's own Immich, of v1.132 to v3.2, as their backups give it back: judged by what its database says of its files. */
export function foundImmich(options: FoundImmichOptions): FoundWorkload {
  const { leavesOut, mediaRoots, hasLibrary, isSample, isInUse } = options;
  return {
    name: 'immich',
    version: 'of an unknown version',
    components: COMPONENTS.filter(({ name }) => hasLibrary || name !== LIBRARY),
    // What is uploaded between the two is a file too many, and no row whose file is missing.
    restoreOrder: isInUse ? [DATABASE, LIBRARY] : [LIBRARY, DATABASE],
    checks: [
      originals(DATABASE, LIBRARY),
      companions(DATABASE, LIBRARY),
      untracked(DATABASE, LIBRARY, options.untracked),
      images(DATABASE, LIBRARY),
      startMarkers(LIBRARY, leavesOut),
      dump(DATABASE),
      version(DATABASE),
      schema(DATABASE, options.schemaDiffers),
      minimums(DATABASE, options.atLeast),
      numbers(DATABASE, options.last),
      relations(DATABASE),
      serving(DATABASE),
      mediaRoot(DATABASE),
      recency(DATABASE, LIBRARY, {
        newestRow: options.newestRow,
        ...(options.newestAsset !== undefined && { newestAsset: options.newestAsset }),
      }),
      ready(),
      objectives(),
    ],
    references: (world) => referencesFound(world.database(DATABASE), LIBRARY, mediaRoots),
    inventory: (world) => inventoryFound(world.database(DATABASE)),
    inspect: (world, files, kept) =>
      inspectFound(
        world,
        () => files(LIBRARY),
        {
          ...{ images: options.images, openDecoder: options.openDecoder, mediaRoots, hasLibrary, isSample },
          storeUnchecked: options.storeUnchecked,
          ...(options.last?.startedAt !== undefined && { since: options.last.startedAt }),
        },
        kept,
      ),
    looksAt: async (world, files) => ({
      neededWords: 'the oldest photos and the markers',
      needed: await neededToStart(world, { mediaRoots, leavesOut }),
      wanted: (await chooseImages(files, options.images)).chosen,
    }),
    ready: (world) => readyFound(world, { mediaRoots, leavesOut, hasLibrary, isPart: isSample || isInUse }),
  };
}
