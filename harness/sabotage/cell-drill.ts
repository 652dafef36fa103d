import { kindOf } from '../kinds/kinds.ts';
import type { Drill, Objectives } from '../model/drill.ts';
import type { Kind } from '../model/kind.ts';
import type { Sabotage } from '../model/sabotage.ts';
import type { Workload } from '../model/workload.ts';
import type { Column } from './columns.ts';

/** Folders are named after the drill, and the sockets of tools in them may have no more than 107 characters. */
const NAME_LONGEST = 16;

/** The smallest drill that can show a fault of a column: its component, those that it needs, and what the workload cannot be without. */
export function cellDrill(drill: Drill, { component, path }: Column, sabotage?: Sabotage): Drill {
  const needs = sabotage?.needs ?? [];
  const paths = { ...Object.fromEntries(needs.flatMap((name) => entryOf(drill, name))), [component]: path };
  const { olderSets: _sets, retention: _retention, ...rest } = drill;
  const cell: Drill = {
    ...rest,
    name: (sabotage?.name ?? 'healthy').slice(0, NAME_LONGEST).replace(/-$/, ''),
    workload: lean(drill.workload.resized(drill.workload.smallest), Object.keys(paths)),
    paths,
    objectives: objectivesFor(drill, Object.keys(paths)),
    checks: [],
  };
  return sabotage?.prepare?.(cell) ?? cell;
}

/** An objective for what a cell leaves out could not be measured, nor an RPO where users write nothing. */
function objectivesFor({ workload, objectives = {} }: Drill, protectedNames: readonly string[]): Objectives {
  const { rpo, components = {}, ...rest } = objectives;
  const own = Object.fromEntries(Object.entries(components).filter(([name]) => protectedNames.includes(name)));
  const isWritten = protectedNames.some((name) => isWrittenTo(workload, name));
  return { ...rest, ...(rpo !== undefined && isWritten && { rpo }), components: own };
}

/** Users write to the first volume, database and cache; models, settings and resources stay as they are. */
function isWrittenTo({ components }: Workload, name: string): boolean {
  const own = components.find((one) => one.name === name);
  if (!own || kindOf(own).needsCluster) return false;
  return components.find(({ kind }) => kind === own.kind)?.name === name;
}

function entryOf({ paths }: Drill, name: string): [string, Drill['paths'][string]][] {
  const path = paths[name];
  return path ? [[name, path]] : [];
}

/**
 * The workload with fewer components: those that are protected, and the first volume and the first database, between which
 * rows and files belong together.
 */
function lean(workload: Workload, wanted: readonly string[]): Workload {
  const first = (held: Kind['holds']) => workload.components.find((one) => kindOf(one).holds === held)?.name;
  const kept = new Set([...wanted, first('files'), first('rows')]);
  return {
    ...workload,
    components: workload.components.filter(({ name }) => kept.has(name)),
    resized: (scale) => lean(workload.resized(scale), wanted),
  };
}
