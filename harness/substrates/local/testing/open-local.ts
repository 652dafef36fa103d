import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretStore } from '../../../engine/secret-store.ts';
import type { S3ServerName } from '../../../machine/object-store/s3-servers.ts';
import type { Environment } from '../../../machine/tools/toolbox/environment.ts';
import { openToolbox, type Toolbox } from '../../../machine/tools/toolbox/toolbox.ts';
import type { PathContext } from '../../../model/path.ts';
import type { SubstrateContext } from '../../../model/substrate.ts';
import { LocalSubstrate } from '../local.ts';

let count = 0;

export interface LocalForTest extends AsyncDisposable {
  readonly substrate: LocalSubstrate;
  readonly context: SubstrateContext;
  /** A folder that goes with it. */
  readonly folder: string;
}

/** What a path gets to work with for one component, without an engine. */
export async function contextForTest({ substrate, context }: LocalForTest, component: string): Promise<PathContext> {
  return {
    component,
    at: new Date(),
    bucket: await substrate.bucket('backups'),
    vault: await substrate.volume('vault'),
    workloadName: 'photos',
    workloadVersion: 'v1.0.0',
    folderMarkers: ['.keep'],
    secret: (name) => context.secret(`${component}-${name}`),
    choose: async (...programs) => await substrate.choose(programs),
    run: async (job) => await substrate.run(job),
  };
}

/** A local substrate of its own for one test, with its own work and log folders; both go when it is disposed of. */
export async function openLocalForTest(
  options: { s3?: S3ServerName; signal?: AbortSignal; env?: Environment; toolbox?: Toolbox } = {},
): Promise<LocalForTest> {
  const folder = mkdtempSync(join(tmpdir(), 'drill-test-'));
  const secrets = new SecretStore();
  count += 1;
  const context: SubstrateContext = {
    runId: `test-${process.pid}-${Date.now().toString(36)}-${count}`,
    logsFolder: join(folder, 'logs'),
    signal: options.signal ?? new AbortController().signal,
    secret: (name) => secrets.secret(name),
    mask: (text) => secrets.mask(text),
    note: () => {},
  };
  mkdirSync(context.logsFolder);
  const substrate = await LocalSubstrate.open(context, {
    toolbox: options.toolbox ?? (await openToolbox()),
    s3: options.s3 ?? 'versitygw',
    ...(options.env && { env: options.env }),
  });
  return {
    substrate,
    context,
    folder,
    [Symbol.asyncDispose]: async () => {
      await substrate[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
