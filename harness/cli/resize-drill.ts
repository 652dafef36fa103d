import type { Disaster } from '../model/disaster.ts';
import type { Drill } from '../model/drill.ts';
import { DrillError } from '../model/error.ts';
import type { Scale } from '../model/workload.ts';

/** What the command line may change of a drill. */
export interface DrillChanges {
  readonly scale: Partial<Scale>;
  /** The only components to protect, strike and restore; all when empty. */
  readonly only: readonly string[];
  readonly rto?: string;
  readonly rpo?: string;
  /** The image of the workload's real server. */
  readonly image?: string;
  /** Another disaster than the drill's own. */
  readonly disaster?: Disaster;
}

/** The drill with the changes of the command line. */
export function changeDrill(drill: Drill, changes: DrillChanges): Drill {
  const { scale, only, rto, rpo, image, disaster = drill.disaster } = changes;
  const unknown = only.filter((component) => !drill.paths[component]);
  if (unknown.length > 0)
    throw new DrillError({
      code: 'component-unknown',
      where: 'cli',
      what: `The drill ${drill.name} protects no component "${unknown.join('", "')}".`,
      next: `choose among: ${Object.keys(drill.paths).join(', ')}.`,
      blame: 'usage',
    });
  const paths =
    only.length === 0
      ? drill.paths
      : Object.fromEntries(Object.entries(drill.paths).filter(([name]) => only.includes(name)));
  const objectives = { ...drill.objectives, ...(rto !== undefined && { rto }), ...(rpo !== undefined && { rpo }) };
  const resized = drill.workload.resized(scale);
  const workload = image === undefined ? resized : resized.servedBy?.(image);
  if (!workload) throw withoutServer(drill.name);
  return { ...drill, workload, paths, objectives, disaster };
}

function withoutServer(name: string): DrillError {
  return new DrillError({
    code: 'image-not-used',
    where: 'cli',
    what: `The workload of the drill ${name} starts no server, so no image can be its server.`,
    next: 'leave the image out.',
    blame: 'usage',
  });
}
