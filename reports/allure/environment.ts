import type { RunResult } from '../../harness/model/result.ts';
import { formatBytes } from '../digest/quantities.ts';
import { oneLine } from '../text/one-line.ts';

/** What the run ran on and with, for `environment.properties`. */
export function environmentOf({ drill, host, tools, facts }: RunResult): Record<string, string> {
  const entries: [string, string][] = [
    ['drill', drill.name],
    ['workload', `${drill.workload.name} ${drill.workload.version}`],
    ['disaster', drill.disaster],
    ['substrate', drill.substrate],
    ...Object.entries(drill.paths).map(([component, path]): [string, string] => [`path.${component}`, path.name]),
    ...tools.map(({ program, version, source }): [string, string] => [`tool.${program}`, `${version} (${source})`]),
    ...(host
      ? ([
          ['host.os', host.os],
          ['host.cpu', `${host.cpu}, ${host.cores} cores`],
          ['host.memory', formatBytes(host.memoryBytes)],
          ['host.node', host.node],
        ] satisfies [string, string][])
      : []),
    ...Object.entries(facts).map(([name, value]): [string, string] => [`fact.${name}`, String(value)]),
  ];
  return Object.fromEntries(entries.map(([name, value]) => [oneLine(name), oneLine(value)]));
}

/** Who ran it, for `executor.json`: a GitHub job where there is one, otherwise this machine. */
export function executorOf(result: RunResult, env: NodeJS.ProcessEnv): Record<string, string | number> {
  const {
    GITHUB_SERVER_URL: server,
    GITHUB_REPOSITORY: repository,
    GITHUB_RUN_ID: id,
    GITHUB_RUN_NUMBER: number,
  } = env;
  const local = { name: 'restore-drill', type: 'local', buildName: result.run.id, reportName: result.drill.name };
  if (!server || !repository || !id) return local;
  const order = Number(number);
  return {
    ...local,
    name: 'GitHub Actions',
    type: 'github',
    buildUrl: `${server}/${repository}/actions/runs/${id}`,
    ...(Number.isSafeInteger(order) && { buildOrder: order }),
  };
}
