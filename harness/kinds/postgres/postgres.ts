import type { Kind } from '../../model/kind.ts';
import { namesOf } from '../names-of.ts';
import { observeRows } from './observe-rows.ts';
import { observeSchema } from './observe-schema.ts';

/** A Postgres server with one database: its schema by definition, its rows by digest. */
export const postgres: Kind<'postgres'> = {
  name: 'postgres',
  noun: 'database',
  holds: 'rows',
  programs: ['postgres', 'initdb'],
  isSeenAtOnce: true,
  needsCluster: false,
  make: async (substrate, name, workload) => await (await substrate.postgres(name, workload)).start(),
  place: async (substrate, name, workload) => await substrate.postgres(name, workload),
  observe: async (target, record, keys) => {
    await record('schema', await observeSchema(target));
    return await record('rows', observeRows(target, keys));
  },
  observeFound: async (target, record) => await record('schema', await observeSchema(target)),
  marks: (list) => namesOf(list('rows'), ({ table, key }) => `${table}/${key}`),
  attributesLost: () => [],
};
