import { sourceUntouched } from '../../../../checks/source-untouched.ts';
import { store } from '../../../../checks/store.ts';
import { sums } from '../../../../checks/sums.ts';
import { addressOf, serversOf } from '../../../../existing/configuration/addresses-of.ts';
import { checksStore, foldersOf, placeOf, withoutSecondCheck } from '../../../../existing/configuration/place-of.ts';
import type { LastPassed } from '../../../../existing/configuration/plug-in.ts';
import { chooseFile } from '../../../../existing/places/choose-file.ts';
import { libraryPlace } from '../../../../existing/places/folder-place.ts';
import { baseBackupSource } from '../../../../existing/sources/base-backup.ts';
import { filesSource, type SampleOptions } from '../../../../existing/sources/files.ts';
import { livePostgresSource } from '../../../../existing/sources/live-postgres.ts';
import { pgDumpSource } from '../../../../existing/sources/pg-dump.ts';
import { tarSource } from '../../../../existing/sources/tar.ts';
import { openImageDecoder } from '../../../../machine/decoder/open-image-decoder.ts';
import type { Objectives, Rehearsal } from '../../../../model/drill.ts';
import type { AnyBackupSource } from '../../../../model/source.ts';
import { MEDIA_FOLDERS } from '../../layout.ts';
import { foundImmich } from '../found-immich.ts';
import { minimumsOf } from './minimums-of.ts';
import { DATABASE, type DrillConfig } from './schema.ts';
import { watchesOf } from './watches-of.ts';

const IMAGES = 200;
/** Immich writes every night, and with every use. */
const NEWEST_ROW = '30d';
/** What Immich calls its own dumps, and what people who dump by hand call theirs. */
export const IMMICH_DUMPS = 'immich-db-backup-*';
const ANY_DUMP = '*';
/** What Immich's own compose file calls them. */
const SUPERUSER = 'postgres';

/** The drill that a part of the configuration describes. */
export function rehearsalOf(name: string, config: DrillConfig, last?: LastPassed): Rehearsal {
  const { library, database, objectives } = config;
  const leavesOut = library?.leavesOut ?? [];
  // A server in use alone is nothing that stays as it was: what keeps the drill from writing to it are its transactions.
  const watches = watchesOf(config);
  return {
    name,
    claim: 'These backups restore to a library that is whole, by what its own database says of it',
    workload: foundImmich({
      atLeast: minimumsOf(config.atLeast, last),
      untracked: config.untracked ?? 0,
      images: config.images ?? IMAGES,
      openDecoder: () => openImageDecoder(),
      mediaRoots: config.mediaRoots ?? [],
      leavesOut,
      schemaDiffers: config.schemaDiffers ?? [],
      hasLibrary: library !== undefined,
      isSample: library?.sample !== undefined,
      storeUnchecked: [library, database].some((one) => one?.restic?.check === false),
      ...(last && { last }),
      newestRow: config.newestRow ?? NEWEST_ROW,
      isInUse: database.server !== undefined,
      ...(config.newestAsset !== undefined && { newestAsset: config.newestAsset }),
    }),
    paths: {
      ...(library && { library: librarySource(library, leavesOut, database) }),
      database: databaseSource(withoutSecondCheck(database, library)),
    },
    readsFrom: [library, database].flatMap((one) => foldersOf(one)),
    readsSnapshots: [library, database].some((one) => one?.volumeSnapshot !== undefined),
    readsOver: [library, database].flatMap((one) => (one && addressOf(one)?.port) ?? []),
    servers: serversOf({ library, database }),
    watches,
    checks: [
      ...(watches.length > 0 ? [sourceUntouched()] : []),
      ...(checksStore(library) || checksStore(database) ? [store()] : []),
      // An archive is compared with its own digest before it is unpacked.
      ...(library && library.archive === undefined ? [sums('library')] : []),
    ],
    ...(objectives && { objectives: withoutUndefined(objectives) as Objectives }),
  };
}

/** Originals are sampled; markers, avatars and the dump that is restored are needed whatever the sample. */
function sampleOf(
  count: number,
  { inLibrary, path = '', dump = IMMICH_DUMPS }: DrillConfig['database'],
): SampleOptions {
  const dumps = [inLibrary, path].filter(Boolean).join('/');
  return {
    count,
    isSampled: (file) => /^(upload|library)\//.test(file) && !/(\.xmp|\/\.immich)$/i.test(file),
    always: (files) => {
      const below = files.filter((file) => file.path.startsWith(`${dumps}/`));
      const needed = files.filter((file) => /(^profile\/|(^|\/)\.immich$)/.test(file.path));
      return inLibrary === undefined || below.length === 0 ? needed : [...needed, chooseFile(below, dump, dumps)];
    },
  };
}

function librarySource(
  config: NonNullable<DrillConfig['library']>,
  leavesOut: readonly string[],
  database: DrillConfig['database'],
): AnyBackupSource {
  const { root, archive, path, sample } = config;
  const options = {
    marks: MEDIA_FOLDERS,
    leavesOut,
    ...(root !== undefined && { root }),
    ...(sample !== undefined && { sample: sampleOf(sample, database) }),
  };
  const place = placeOf(config);
  return archive === undefined
    ? filesSource(place, options)
    : tarSource(place, { ...options, file: archive, folder: path ?? '' });
}

/** Where the database is restored from. */
export function databaseSource(config: DrillConfig['database'], digest = false): AnyBackupSource {
  const { inLibrary, path = '', dump, baseBackup, server } = config;
  if (server) return livePostgresSource(server);
  const place = inLibrary === undefined ? placeOf(config) : libraryPlace('library', inLibrary);
  if (baseBackup) {
    const { superuser = SUPERUSER, database = DATABASE } = baseBackup;
    return baseBackupSource(place, { folder: path, superuser, database });
  }
  return pgDumpSource(place, {
    folder: path,
    file: dump ?? (inLibrary === undefined ? ANY_DUMP : IMMICH_DUMPS),
    database: DATABASE,
    digest,
  });
}

function withoutUndefined(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object;
}
