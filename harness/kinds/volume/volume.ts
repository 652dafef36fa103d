import type { Kind } from '../../model/kind.ts';
import type { Volume } from '../../model/target.ts';
import { namesOf } from '../names-of.ts';
import { attributesLost } from './attributes-lost.ts';

/** A folder tree: its files, byte for byte, with mode, owner and time. */
export const volume: Kind<'volume'> = {
  name: 'volume',
  noun: 'volume',
  holds: 'files',
  programs: [],
  isSeenAtOnce: false,
  needsCluster: false,
  make: async (substrate, name) => await substrate.volume(name),
  place: async (substrate, name) => await substrate.volume(name, 'later'),
  observe: async (target, record) => await record('files', target.files()),
  observeFound: async (target, record) => await record('files', target.files()),
  marks: (list) => namesOf(list('files'), ({ path }) => path),
  attributesLost,
  holdsSomething,
};

async function holdsSomething(target: Volume): Promise<boolean> {
  if (!(await target.exists())) return false;
  for await (const entry of target.files()) if (entry) return true;
  return false;
}
