import { statfs } from 'node:fs/promises';
import os from 'node:os';
import { Command } from 'commander';
import { surveyPostgresContainers } from '../../machine/docker/survey.ts';
import { openToolbox, type ToolState } from '../../machine/tools/toolbox/toolbox.ts';
import { workRoot } from '../../machine/work-folders/work-root.ts';
import { type ClusterOptions, imagesOf, withImages } from '../cluster-options.ts';
import { alignColumns } from '../columns.ts';
import { imageRows } from '../image-rows.ts';

const GIB = 1024 ** 3;

/** `drill doctor`. */
export function doctorCommand(): Command {
  return withImages(new Command('doctor'))
    .description('check required programs and images, and say what to do about missing ones')
    .action(async (options: Pick<ClusterOptions, 'images'>) => {
      const images = imagesOf(options);
      const { cacheFolder, tools } = await (await openToolbox()).survey();
      const docker = await surveyPostgresContainers();
      const disk = await statfs(workRoot());
      const machine = [
        ['  node', process.version],
        [
          '  system',
          `${os.type()} ${os.release()} ${os.arch()}, ${os.availableParallelism()} cores, ${(os.totalmem() / GIB).toFixed(0)} GiB`,
        ],
        ['  work', `${workRoot()}, ${((disk.bavail * disk.bsize) / GIB).toFixed(0)} GiB free (DRILL_WORK changes it)`],
        ['  docker', docker.line],
        ['  cache', cacheFolder ?? 'none: set HOME or DRILL_CACHE'],
      ];
      const missing = tools
        .filter((tool) => tool.missing.length > 0)
        .map((tool) => (tool.tool === 'postgres' && docker.ready ? { ...tool, next: docker.ready } : tool));
      process.stdout.write(
        [
          'Machine',
          ...alignColumns(machine),
          '',
          'Found',
          ...alignColumns(tools.flatMap(foundRows)),
          '',
          'Images (for --on kind and --on cluster; --images names others)',
          ...alignColumns(await imageRows(images)),
          ...(missing.length > 0
            ? ['', 'Not installed yet', ...missing.flatMap(missingLines)]
            : ['', 'Nothing is missing.']),
          '',
        ].join('\n'),
      );
    });
}

/** Programs of one tool that lie together are one row. */
function foundRows({ tool, found }: ToolState): string[][] {
  const [first] = found;
  if (!first) return [];
  const programs = found.map(({ program }) => program);
  const shown =
    programs.length > 3 ? `${programs.slice(0, 3).join(', ')} and ${programs.length - 3} more` : programs.join(', ');
  return [[`  ${tool}`, first.version, first.source, first.location, shown]];
}

function missingLines({ tool, missing, accepts, purpose, installable, remarks, next }: ToolState): string[] {
  return [
    `  ${tool}: ${missing.join(', ')} (${purpose}; accepted versions: ${accepts})`,
    ...(installable.length > 0
      ? [`    will be installed into the cache when a drill needs it: ${installable.join(', then ')}`]
      : []),
    ...remarks.map((remark) => `    ${remark}`),
    ...(next ? [`    next: ${next}`] : []),
  ];
}
