import { Command } from 'commander';
import { protectedComponents } from '../../engine/drill-parts.ts';
import { COPIES } from '../../engine/phases/preflight.ts';
import type { Capability } from '../../model/capability.ts';
import { type Drill, needsOf } from '../../model/drill.ts';
import { formatDuration } from '../../model/duration.ts';
import { imagesOf } from '../cluster-options.ts';
import { alignColumns } from '../columns.ts';
import { type DrillOptions, drillWith, withDrillOptions } from '../drill-options.ts';
import { plannedImages } from '../image-rows.ts';
import type { SubstrateName } from '../open-substrate.ts';

const MIB = 1024 ** 2;
/** What two cores and an ordinary SSD manage, measured with the default drill; a plan is no promise. */
const SECONDS_FIXED = 20;
const BYTES_PER_SECOND = 12 * MIB;

/** `drill plan <name>`. */
export function planCommand(): Command {
  const command = new Command('plan')
    .description('say what a drill would do, where, and what it needs')
    .argument('<drill>');
  return withDrillOptions(command).action(async (name: string, options: DrillOptions) => {
    process.stdout.write(renderPlan(await drillWith(name, options), options));
  });
}

const WHERE: Readonly<Record<SubstrateName, string>> = {
  local: 'local: processes of this machine, servers on 127.0.0.1, everything below one temporary folder',
  kind: 'kind: a Kubernetes cluster of its own in Docker, servers as pods, tools as Jobs, volumes as claims',
  cluster:
    'cluster: a namespace of its own in an existing cluster that is marked for drills; the rest of it stays untouched',
};

/** What not every substrate has, once for each thing that asks for it. */
function needs(drill: Drill): string[][] {
  return needsOf(drill).map(({ capability, who }) => ['  needs', `${NEEDED[capability]}, for ${who}`]);
}

const NEEDED: Readonly<Record<Capability, string>> = {
  snapshots: 'a cluster whose storage takes snapshots (--on kind or cluster)',
  cluster: 'a cluster of its own (--on kind)',
};

/** As people say it: `500 assets`, but `seed 1` and `photoKib 60`. */
function sizeInWords([name, value]: readonly [string, number]): string {
  return name === 'seed' || /[A-Z]/.test(name) ? `${name} ${value}` : `${value} ${name}`;
}

function renderPlan(drill: Drill, options: DrillOptions): string {
  const substrate = options.on;
  const { workload, disaster, objectives } = drill;
  const { sizeBytes, files } = workload.estimate();
  const struck = disaster.strikes(protectedComponents(drill));
  const components = workload.components.map(({ name, title }) => {
    const path = drill.paths[name];
    const goal = objectives?.components?.[name];
    return [
      `  ${name}`,
      title,
      path ? `by ${path.name}` : 'not protected, not tested',
      struck.includes(name) ? 'destroyed and restored' : 'left alone',
      goal?.rto ? `RTO ${goal.rto}` : '',
      goal?.rpo ? `RPO ${goal.rpo}` : '',
    ];
  });
  const steps = [
    ['  where', WHERE[substrate]],
    [
      '  workload',
      [`${workload.name} ${workload.version}`, ...Object.entries(workload.scale).map(sizeInWords)].join(', '),
    ],
    ...needs(drill),
    ['  disaster', `${disaster.name}: ${disaster.summary}`],
    [
      '  backup',
      `${(drill.backupOrder ?? workload.backupOrder).filter((one) => drill.paths[one]).join(', then ')}, while users go on writing`,
    ],
    ['  restore', `${workload.restoreOrder.filter((one) => struck.includes(one)).join(', then ')}, to new places`],
    ['  checks', `${workload.checks.length + (drill.checks?.length ?? 0)}`],
    ['  objectives', `RTO ${objectives?.rto ?? 'none'}, RPO ${objectives?.rpo ?? 'none'}`],
    [
      '  size',
      `about ${files} files, ${(sizeBytes / MIB).toFixed(0)} MiB; ${((sizeBytes * COPIES) / MIB).toFixed(0)} MiB of disk for all copies`,
    ],
    [
      '  time',
      `roughly ${formatDuration(SECONDS_FIXED + (sizeBytes * COPIES) / BYTES_PER_SECOND)}, and once some minutes more if programs have to be built (drill doctor)`,
    ],
  ];
  return [
    `${drill.name}: ${drill.claim}`,
    '',
    ...alignColumns(steps),
    '',
    'Components',
    ...alignColumns(components),
    ...imageLines(drill, options),
    '',
  ].join('\n');
}

/** Nothing of them is used on this machine itself. */
function imageLines(drill: Drill, options: DrillOptions): string[] {
  if (options.on === 'local') return [];
  const rows = plannedImages(drill, imagesOf(options), options.on === 'kind' ? ['kindNode'] : []);
  return ['', 'Images (--images names others)', ...alignColumns(rows)];
}
