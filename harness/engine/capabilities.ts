import type { Capability } from '../model/capability.ts';
import { type Drill, needsOf } from '../model/drill.ts';
import { DrillError } from '../model/error.ts';
import type { Substrate } from '../model/substrate.ts';
import { protectedComponents } from './drill-parts.ts';

const MISSING: Readonly<Record<Capability, string>> = {
  snapshots: 'storage that takes snapshots of volumes',
  cluster: 'a cluster that a disaster can strike',
};

/** Makes sure that the substrate has what the drill is about, before anything is built. */
export async function requireCapabilities(drill: Drill, substrate: Substrate): Promise<void> {
  for (const { capability, who } of needsOf(drill)) {
    if (substrate[capability]) continue;
    throw refused(
      'substrate-cannot',
      `${capitalised(who)} needs ${MISSING[capability]}, and ${substrate.name} has none.`,
      `run it on a cluster of its own with \`--on kind\`, or choose another ${who.startsWith('the path') ? 'path' : 'disaster (--disaster)'}.`,
    );
  }
  requireStruckComponents(drill);
  const snapshotting = Object.values(drill.paths).filter(({ needs }) => needs?.includes('snapshots'));
  for (const { options } of snapshotting)
    await substrate.snapshots?.check(typeof options.class === 'string' ? options.class : undefined);
}

/** A disaster must strike something that is protected, and must not take what nobody could bring back. */
function requireStruckComponents(drill: Drill): void {
  const { disaster, workload } = drill;
  const known = protectedComponents(drill);
  if (disaster.strikes(known).length === 0)
    throw refused(
      'disaster-strikes-nothing',
      `The disaster ${disaster.name} strikes none of what the drill protects (${known.join(', ')}), so nothing would be restored.`,
      'choose another one with --disaster, or protect what it strikes.',
    );
  const lost = workload.components.map(({ name }) => name).filter((name) => !known.includes(name));
  if (disaster.takes && lost.length > 0)
    throw refused(
      'disaster-takes-all',
      `The disaster ${disaster.name} takes the ${disaster.takes} with everything in it, and nothing would bring back ${lost.join(', ')}.`,
      'protect every component, or choose another disaster with --disaster.',
    );
}

function refused(code: string, what: string, next: string): DrillError {
  return new DrillError({ code, where: 'run/preflight', what, next, blame: 'usage' });
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
