import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pRetry from 'p-retry';
import { expect, it, onTestFinished, type TestContext } from 'vitest';
import { observeRows } from '../../kinds/postgres/observe-rows.ts';
import { observeSchema } from '../../kinds/postgres/observe-schema.ts';
import { listContainers, RUN_LABEL, removeContainers } from '../../machine/docker/containers.ts';
import type { Docker } from '../../machine/docker/docker.ts';
import { recordedProcesses } from '../../machine/processes/recorded-processes.ts';
import { signalProcess } from '../../machine/processes/service-process.ts';
import { tool as postgres } from '../../machine/tools/postgres.ts';
import { openToolbox } from '../../machine/tools/toolbox/toolbox.ts';
import { tool as versitygw } from '../../machine/tools/versitygw.ts';
import { findLeftovers, removeLeftover } from '../../machine/work-folders/leftovers.ts';
import { makeWorkFolder } from '../../machine/work-folders/work-folder.ts';
import { folderNameOf, workRoot } from '../../machine/work-folders/work-root.ts';
import type { BackupPath } from '../../model/path.ts';
import type { Database } from '../../model/target.ts';
import { pgStep } from '../../paths/objects/libpq.ts';
import { pgBasebackup } from '../../paths/pg-basebackup.ts';
import { pgDump } from '../../paths/pg-dump.ts';
import { PostgresContainers } from './containers/postgres-containers.ts';
import { LocalVolume } from './local-volume.ts';
import { dockerWithPostgres } from './testing/container-image.ts';
import { contextForTest, type LocalForTest, openLocalForTest } from './testing/open-local.ts';

const POLL = { retries: 100, minTimeout: 100, factor: 1 };

const SCHEMA = `
  CREATE EXTENSION vector;
  CREATE TABLE asset (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text, taken timestamptz, data jsonb);
  CREATE TABLE smart_search ("assetId" uuid PRIMARY KEY REFERENCES asset(id) ON DELETE CASCADE, embedding vector(3));
  CREATE INDEX clip_index ON smart_search USING hnsw (embedding vector_cosine_ops);
  INSERT INTO asset (name, taken, data)
    SELECT 'line' || chr(10) || 'ünï ' || i, '2024-05-01Z', jsonb_build_object('i', i) FROM generate_series(1, 500) i;
  INSERT INTO smart_search SELECT id, ARRAY[random(), random(), random()]::vector FROM asset;`;

interface Opened extends AsyncDisposable {
  readonly local: LocalForTest;
  readonly docker: Docker;
  containers(): Promise<string[]>;
}

/** A substrate whose Postgres runs in containers. */
async function open(ctx: TestContext): Promise<Opened> {
  const lab = await dockerWithPostgres();
  if (typeof lab === 'string') return ctx.skip(lab);
  const env = { ...process.env, DRILL_POSTGRES: 'container', DRILL_POSTGRES_IMAGE: lab.image };
  const local = await openLocalForTest({ env });
  return {
    local,
    docker: lab.docker,
    containers: () => listContainers(lab.docker, { [RUN_LABEL]: local.context.runId }),
    [Symbol.asyncDispose]: () => local[Symbol.asyncDispose](),
  };
}

async function look(database: Database): Promise<object> {
  return { rows: await Array.fromAsync(observeRows(database)), schema: await observeSchema(database) };
}

const PATHS: Record<string, BackupPath<'postgres'>> = {
  'pg-dump custom': pgDump({ format: 'custom' }),
  'pg-dump directory': pgDump({ format: 'directory' }),
  'pg-dump plain': pgDump({ format: 'plain' }),
  'pg-basebackup': pgBasebackup(),
};

it.for(Object.entries(PATHS))(
  '%s restores from one container into another, vectors included',
  async ([, path], ctx) => {
    const opened = await open(ctx);
    const { substrate } = opened.local;
    {
      await using local = opened.local;
      const context = await contextForTest(local, 'database');
      const source = await (await substrate.postgres('database', 'photos')).start();
      await source.query(SCHEMA);
      const before = await look(source);
      const receipt = await path.backup({ ...context, source });
      expect(await opened.containers()).toHaveLength(1);
      await source.destroy();
      expect(await opened.containers()).toEqual([]);

      const slot = await substrate.postgres('database-restored', 'photos');
      await path.restore({ ...context, receipt, target: slot });
      const restored = await slot.start();
      expect(await look(restored)).toEqual(before);
      await restored.query(
        `UPDATE smart_search SET embedding = '[9,9,9]' WHERE "assetId" = (SELECT min(id::text)::uuid FROM asset)`,
      );
      expect(await look(restored)).not.toEqual(before);
      expect(await opened.containers()).toHaveLength(1);
      expect(substrate.crashedServices()).toEqual([]);
    }
    expect(await opened.containers()).toEqual([]);
    const reports = substrate.tools().filter(({ program }) => postgres.programs.includes(program));
    expect(reports.length).toBeGreaterThan(2);
    for (const { source, version } of reports) expect(`${source} ${version}`).toMatch(/^container \d+\.\d+/);
  },
);

it('is what is used where the toolbox has no Postgres', async (ctx) => {
  const lab = await dockerWithPostgres();
  if (typeof lab === 'string') return ctx.skip(lab);
  const s3 = await (await openToolbox()).provide('versitygw');
  const toolbox = await openToolbox({
    definitions: [{ ...postgres, together: { places: [] } }, versitygw],
    env: { PATH: '', DRILL_TOOL_VERSITYGW: s3.location },
  });
  const env = { ...process.env, DRILL_POSTGRES_IMAGE: lab.image };
  await using local = await openLocalForTest({ toolbox, env });
  await local.substrate.require(['postgres', 'initdb', 'pg_dump']);
  const used = local.substrate.tools().filter(({ program }) => postgres.programs.includes(program));
  expect(used.map(({ source, location }) => `${source} ${location}`)).toEqual(Array(3).fill(`container ${lab.image}`));
});

it('shows no password in the arguments of a server, and none in what a failing job says', async (ctx) => {
  await using opened = await open(ctx);
  const { substrate, context } = opened.local;
  const database = await (await substrate.postgres('database', 'photos')).start();
  const [id = ''] = await opened.containers();
  const { stdout } = await opened.docker.run([
    'inspect',
    '--format',
    '{{json .Path}} {{json .Args}} {{json .Config.Cmd}}',
    id,
  ]);
  expect(stdout).toContain(database.port.toString());
  expect(stdout).not.toContain(context.secret('postgres-password').reveal());
  const failing = substrate.run({
    name: 'database.fails',
    volumes: [],
    steps: () => [
      {
        program: 'psql',
        args: ['--command', 'SELECT 1'],
        env: { PGHOST: database.host, PGPORT: String(database.port), PGUSER: 'other', PGPASSWORD: database.password },
      },
    ],
  });
  await expect(failing).rejects.toMatchObject({
    code: 'job-failed',
    blame: 'backup',
    tail: expect.stringContaining('password authentication failed'),
  });
});

it('mounts volumes outside the work folder as the job asks, and blames the machine when it cannot', async (ctx) => {
  await using opened = await open(ctx);
  const { substrate, folder } = opened.local;
  const database = await (await substrate.postgres('database', 'photos')).start();
  const volume = await LocalVolume.create('outside', join(folder, 'outside, "quoted"'));
  const dump = (readOnly: boolean) =>
    substrate.run({
      name: 'database.outside',
      volumes: [{ volume, readOnly }],
      steps: () => [pgStep(database, 'pg_dump', ['--file', join(volume.path, 'dump.sql')])],
    });
  await expect(dump(true)).rejects.toMatchObject({ tail: expect.stringMatching(/read-only file system/i) });
  await dump(false);
  expect(new TextDecoder().decode(await volume.read('dump.sql'))).toContain('PostgreSQL database dump');
  await volume.destroy();
  await expect(dump(false)).rejects.toMatchObject({ code: 'job-not-run', blame: 'environment' });
});

it('ends the container of a job that takes too long, and reads and writes files for a program', async (ctx) => {
  await using opened = await open(ctx);
  const { substrate } = opened.local;
  const database = await (await substrate.postgres('database', 'photos')).start();
  const server = await opened.containers();
  const env = {
    PGHOST: database.host,
    PGPORT: String(database.port),
    PGUSER: database.user,
    PGPASSWORD: database.password,
  };
  const report = await substrate.run({
    name: 'database.streams',
    volumes: [],
    steps: (scratch) => [
      {
        program: 'psql',
        args: ['--tuples-only', '--no-align', '--command', 'SELECT 6 * 7', 'photos'],
        env,
        stdout: join(scratch, 'out'),
      },
      {
        program: 'psql',
        args: ['--tuples-only', '--no-align', '--command', String.raw`\copy (SELECT 1) TO 'written'`, 'photos'],
        env,
      },
      { program: 'cat', args: ['out', 'written'] },
    ],
  });
  expect(report.steps.at(-1)?.stdout).toBe('42\n1\n');
  const endless = substrate.run({
    name: 'database.endless',
    volumes: [],
    deadlineMs: 1_500,
    steps: () => [{ program: 'psql', args: ['--command', 'SELECT pg_sleep(600)', 'photos'], env }],
  });
  await expect(endless).rejects.toMatchObject({ code: 'job-deadline' });
  expect(await opened.containers()).toEqual(server);
});

it('removes the container when the client in front of it was killed', async (ctx) => {
  await using opened = await open(ctx);
  const { substrate, context } = opened.local;
  const database = await (await substrate.postgres('database', 'photos')).start();
  const [client] = recordedProcesses(join(workRoot(), folderNameOf(context.runId, workRoot()))).filter(
    ({ name }) => name === 'database',
  );
  expect(client && signalProcess(client.pid, 'SIGKILL')).toBe(true);
  await pRetry(() => {
    if (substrate.crashedServices().length === 0) throw new Error('the end of the client was not seen');
  }, POLL);
  // The server lives on without its client: that is the danger.
  expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(await opened.containers()).toHaveLength(1);
  await database.destroy();
  expect(await opened.containers()).toEqual([]);
});

it('is found and removed after the harness was killed, and no other run loses its own', async (ctx) => {
  await using other = await open(ctx);
  const lab = await dockerWithPostgres();
  if (typeof lab === 'string') return ctx.skip(lab);
  await (await other.local.substrate.postgres('database', 'photos')).start();
  const runId = `killed-${other.local.context.runId}`;
  const workFolder = await makeWorkFolder(runId);
  const label = { [RUN_LABEL]: runId };
  onTestFinished(() => removeContainers(lab.docker, label));
  const containers = await PostgresContainers.open({ ...lab, version: '17', runId, workFolder });
  await abandonContainer(containers, async () => (await listContainers(lab.docker, label, 'running')).length === 1);
  expect(await listContainers(lab.docker, label)).toHaveLength(1);

  const leftover = (await findLeftovers()).find((one) => one.runId === runId);
  if (!leftover) throw new Error('the work folder was not found');
  await removeLeftover(leftover);
  expect(await listContainers(lab.docker, label)).toEqual([]);
  expect((await findLeftovers()).map((one) => one.runId)).not.toContain(runId);
  expect(await other.containers()).toHaveLength(1);
});

/** Starts a container that would run for long and has no mark of the run but its label, and kills the client in front. */
async function abandonContainer(containers: PostgresContainers, isRunning: () => Promise<boolean>): Promise<void> {
  const call = containers.program('sleep').call({ cwd: '/', variables: [] });
  const client = spawn(call.command, [...call.prefix, '600'], { env: { ...call.env }, stdio: 'ignore' });
  const ended = once(client, 'exit');
  await pRetry(async () => {
    if (!(await isRunning())) throw new Error('the container does not run yet');
  }, POLL);
  client.kill('SIGKILL');
  await ended;
}
