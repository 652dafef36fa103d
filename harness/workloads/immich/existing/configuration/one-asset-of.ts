import { placeOf, withoutCheck, withoutSecondCheck } from '../../../../existing/configuration/place-of.ts';
import { insideLibrary } from '../../../../existing/places/inside-library.ts';
import { filesSource, type LibraryOptions } from '../../../../existing/sources/files.ts';
import { pgDumpSource } from '../../../../existing/sources/pg-dump.ts';
import { tarSource } from '../../../../existing/sources/tar.ts';
import type { Rehearsal } from '../../../../model/drill.ts';
import { DrillError } from '../../../../model/error.ts';
import type { AnyBackupSource } from '../../../../model/source.ts';
import { MEDIA_FOLDERS } from '../../layout.ts';
import { oneAsset } from '../one-asset.ts';
import { databaseSource, IMMICH_DUMPS, rehearsalOf } from './rehearsal-of.ts';
import { DATABASE, type DrillConfig } from './schema.ts';

type LibraryConfig = NonNullable<DrillConfig['library']>;

/** The drill that asks for one asset, by its id or any: the database, and of the library one file. */
export function oneAssetOf(name: string, whole: DrillConfig, id: string | undefined): Rehearsal {
  const library = whole.library && withoutCheck(whole.library);
  if (!library)
    throw noWay(`The configuration of "${name}" names no backup of the library: there is no file to ask for.`);
  // One photo is no reason to look at all of a repository.
  const config = { ...whole, library, database: withoutCheck(whole.database) };
  const rehearsal = rehearsalOf(name, config);
  const { workload, path } = oneAsset(rehearsal.workload, id);
  return {
    ...rehearsal,
    name: `${name}-file`,
    claim: 'One photo can be had back from these backups, byte for byte as it was uploaded',
    workload,
    paths: { database: databaseBefore(config, library), library: fileOf(library, path) },
    objectives: {},
  };
}

function fileOf(config: LibraryConfig, only: NonNullable<LibraryOptions['only']>): AnyBackupSource {
  const { root, archive, path = '' } = config;
  const options = { marks: MEDIA_FOLDERS, leavesOut: [], only, ...(root !== undefined && { root }) };
  const place = placeOf(config);
  return archive === undefined
    ? filesSource(place, options)
    : tarSource(place, { ...options, file: archive, folder: path });
}

/** The library is not there when the database is restored: a dump in it has to be fetched from where the library lies. */
export function databaseBefore({ database }: DrillConfig, library: LibraryConfig, digest = false): AnyBackupSource {
  const { inLibrary, path = '', dump = IMMICH_DUMPS, baseBackup } = database;
  if (inLibrary === undefined) return databaseSource(withoutSecondCheck(database, library), digest);
  if (library.archive !== undefined || baseBackup)
    throw noWay('The dump lies in an archive together with the library, from which it cannot be had by itself.');
  const place = insideLibrary(placeOf(withoutCheck(library)), {
    marks: MEDIA_FOLDERS,
    root: library.root,
    folder: inLibrary,
  });
  return pgDumpSource(place, { folder: path, file: dump, database: DATABASE, digest });
}

function noWay(what: string): DrillError {
  return new DrillError({
    code: 'file-out-of-reach',
    where: 'cli',
    what,
    next: 'drill all of it with `drill run`, or name a backup of library and database of their own.',
    blame: 'usage',
  });
}
