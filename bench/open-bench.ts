import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openSubstrate, type SubstrateName } from '../harness/cli/open-substrate.ts';
import { SecretStore } from '../harness/engine/secret-store.ts';
import type { Substrate, SubstrateContext } from '../harness/model/substrate.ts';
import { type Target, World } from '../harness/model/target.ts';
import type { Workload } from '../harness/model/workload.ts';
import type { BenchOptions } from './benchmark.ts';
import { temporaryFolder } from './temporary-folder.ts';

let count = 0;

/** A place to measure in: a substrate, with logs and scratch files in a folder that goes with it. */
export interface Bench extends AsyncDisposable {
  readonly substrate: Substrate;
  readonly context: SubstrateContext;
  readonly folder: string;
}

/** Opens a substrate as a drill does, for one benchmark. */
export async function openBench({ signal, note }: BenchOptions, on: SubstrateName = 'local'): Promise<Bench> {
  // Beside the volumes, so that bare tools and ours write to the same disk.
  const folder = temporaryFolder();
  const secrets = new SecretStore();
  count += 1;
  const context: SubstrateContext = {
    runId: `bench-${process.pid}-${Date.now().toString(36)}-${count}`,
    logsFolder: join(folder.path, 'logs'),
    signal,
    secret: (name) => secrets.secret(name),
    mask: (text) => secrets.mask(text),
    note: () => {},
  };
  mkdirSync(context.logsFolder);
  const substrate = await openSubstrate({ on, s3: undefined, onNote: note })(context);
  return {
    substrate,
    context,
    folder: folder.path,
    [Symbol.asyncDispose]: async () => {
      await substrate[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** An empty world for a workload: a new volume or server for each of its components. */
export async function emptyWorld({ substrate }: Bench, workload: Workload): Promise<World> {
  const targets: [string, Target][] = [];
  for (const { name, kind } of workload.components) {
    if (kind === 'volume') targets.push([name, await substrate.volume(name)]);
    else if (kind === 'redis') targets.push([name, await (await substrate.redis(name)).start()]);
    else if (kind === 'postgres') targets.push([name, await (await substrate.postgres(name, workload.name)).start()]);
  }
  return new World(targets);
}
