import type { Cluster, ClusterPart, Reach } from '../../model/cluster.ts';
import type { Absence, Disaster, DisasterContext } from '../../model/disaster.ts';
import { DrillError } from '../../model/error.ts';
import { nothingStruck } from './nothing-struck.ts';

const BETWEEN = ': ';

/** What is taken of a cluster, and from whom. */
export interface PartLoss {
  readonly name: string;
  readonly summary: string;
  readonly part: ClusterPart;
  /** What goes as a whole, when more goes than what carries the victims. */
  readonly takes?: Reach;
  /** The only component that is struck; all of them when it is left out. */
  readonly component?: string;
  /** What goes on while it strikes; awaited afterwards. */
  meanwhile?(context: DisasterContext): Promise<() => Promise<void>>;
}

/** A disaster that takes parts of the cluster away, and looks for those very parts afterwards. */
export function losePart(loss: PartLoss): Disaster {
  const { name, summary, takes, component } = loss;
  return {
    name,
    summary,
    needs: ['cluster'],
    ...(takes && { takes }),
    strikes: (components) => components.filter((one) => component === undefined || one === component),
    strike: (context) => take(context, loss),
    proveGone: (context, struck) => lookForParts(context, loss, struck),
  };
}

/** Takes every part once, whoever it carries; gives a line for each component and part. */
async function take(context: DisasterContext, loss: PartLoss): Promise<string[]> {
  const cluster = clusterOf(context, loss);
  const { world } = context;
  const lines: string[] = [];
  const parts = new Set<string>();
  for (const component of victims(context, loss))
    for (const part of await cluster.parts(loss.part, world.target(component))) {
      parts.add(part);
      lines.push(`${component}${BETWEEN}${part}`);
    }
  const over = await loss.meanwhile?.(context);
  for (const part of parts) await cluster.destroy(part);
  await over?.();
  return lines;
}

async function lookForParts(context: DisasterContext, loss: PartLoss, struck: readonly string[]): Promise<Absence[]> {
  const cluster = clusterOf(context, loss);
  const looks = new Map<string, ReturnType<Cluster['look']>>();
  const absences: Absence[] = [];
  for (const line of struck) {
    const at = line.indexOf(BETWEEN);
    const part = line.slice(at + BETWEEN.length);
    const look = looks.get(part) ?? cluster.look(part);
    looks.set(part, look);
    absences.push({ component: line.slice(0, at), looked: part, ...(await look) });
  }
  return absences.length > 0 ? absences : victims(context, loss).map(nothingStruck);
}

function victims({ world }: DisasterContext, { component }: PartLoss): string[] {
  return world.names.filter((one) => component === undefined || one === component);
}

function clusterOf({ cluster }: DisasterContext, { name }: PartLoss): Cluster {
  if (cluster) return cluster;
  throw new DrillError({
    code: 'substrate-cannot',
    where: `disaster/${name}`,
    what: `The disaster ${name} takes a part of a cluster, and the drill runs in none.`,
    next: 'run it with `--on kind`, or choose another disaster with --disaster.',
    blame: 'usage',
  });
}
