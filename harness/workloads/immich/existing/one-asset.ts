import { randomInt } from 'node:crypto';
import { objectives } from '../../../checks/objectives.ts';
import { DrillError } from '../../../model/error.ts';
import type { Reference } from '../../../model/manifest.ts';
import type { World } from '../../../model/target.ts';
import type { FoundWorkload } from '../../../model/workload.ts';
import { originals } from './checks/originals.ts';
import { ORIGINAL } from './references.ts';

const DATABASE = 'database';
const LIBRARY = 'library';

/** One asset of somebody's library, asked for by its id or by chance, and nothing else of it. */
export interface OneAsset {
  readonly workload: FoundWorkload;
  /** Looks the asset up in the restored database: the path of its original below the media root. */
  path(restored: World): Promise<string>;
}

/** The question "can I get this photo back": of the library only one original is wanted, with the SHA-1 of its row. */
export function oneAsset(found: FoundWorkload, id: string | undefined): OneAsset {
  let chosen: Promise<Reference> | undefined;
  const choose = (world: World) => {
    chosen ??= chooseOriginal(found.references(world), id);
    return chosen;
  };
  const workload: FoundWorkload = {
    ...found,
    restoreOrder: [DATABASE, LIBRARY],
    checks: [originals(DATABASE, LIBRARY), objectives()],
    references: async function* (world) {
      yield await choose(world);
    },
    inspect: async (world) => {
      const { owner, path, sha1 } = await choose(world);
      const why = 'one file was asked for';
      const notTested = [{ what: 'everything but this one file', why }];
      return { version: '', facts: { asset: owner, path, 'SHA-1 of its row': sha1 }, notTested, sightings: [] };
    },
    ready: async (world) => {
      const { path } = await choose(world);
      return { ready: await world.volume(LIBRARY).has(path), saw: `the file ${path}; no server was started` };
    },
  };
  return { workload, path: async (restored) => (await choose(restored)).path };
}

async function chooseOriginal(references: AsyncIterable<Reference>, id: string | undefined): Promise<Reference> {
  let chosen: Reference | undefined;
  let seen = 0;
  for await (const reference of references) {
    const { kind, owner, sha1, regenerable } = reference;
    if (kind !== ORIGINAL || sha1 === '' || regenerable) continue;
    if (id !== undefined && !owner.startsWith(`asset ${id} `)) continue;
    seen += 1;
    // Each is the one with the same chance, and only one is held.
    if (randomInt(seen) === 0) chosen = reference;
  }
  if (chosen) return chosen;
  throw new DrillError({
    code: 'asset-missing',
    where: 'workload/immich',
    what:
      id === undefined
        ? 'The database of the backup knows no asset whose original could be asked for.'
        : `The database of the backup knows no asset ${id} with an original and a SHA-1 of its own.`,
    next: 'see whether it was uploaded after the backup, deleted before it, or lies in an external library.',
    blame: 'backup',
  });
}
