import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openLocalForTest } from '../../local/testing/open-local.ts';
import { comparable, fill } from './testing/nasty-files.ts';
import { errorOf, kindForFile } from './testing/open-kind.ts';

const OUTAGE_MS = 30_000;
/** Of every volume here: pods that read it together. */
const SHARDS = 3;

const kind = kindForFile({ memory: { job: '64Mi' }, shards: SHARDS });

function logOf(name: string): string {
  return readFileSync(join(kind.context.logsFolder, `${name}.log`), 'utf8');
}

async function inNode(...command: string[]): Promise<void> {
  const { ok, tail } = await kind.docker.run(['exec', `${kind.substrate.address.name}-control-plane`, ...command]);
  expect(ok, tail).toBe(true);
}

it('a job that takes more memory than it may is told from one that fails', async () => {
  const greedy = kind.substrate.run({
    name: 'library.greedy',
    volumes: [],
    steps: () => [{ program: 'sh', args: ['-c', 'echo begun >&2; tail /dev/zero'] }],
  });
  expect(await errorOf(greedy)).toMatchObject({
    code: 'job-ended-by-cluster',
    blame: 'environment',
    what: expect.stringMatching(/memory/),
    next: expect.stringMatching(/--job-memory/),
  });
});

it('a volume that several pods read together has the manifest of a folder of this machine', async () => {
  const volume = await kind.substrate.volume('library');
  await fill(volume);
  await using local = await openLocalForTest();
  const folder = await local.substrate.volume('library');
  await fill(folder);
  const [seen, expected] = [await Array.fromAsync(volume.files()), await Array.fromAsync(folder.files())];
  expect(comparable(seen)).toEqual(comparable(expected));
  await volume.remove('a.txt');
  expect((await Array.fromAsync(volume.files())).length).toBe(expected.length - 1);
  const jobs = await kind.kube.batch.listNamespacedJob({ namespace: kind.kube.namespace });
  expect(
    jobs.items.filter(({ metadata }) => metadata?.name?.startsWith('read-') && !metadata.deletionTimestamp),
  ).toEqual([]);
  await volume.destroy();
});

describe('the logs of the cluster', () => {
  it('hold events, pods and what servers said, and no secrets', async () => {
    const database = await (await kind.substrate.postgres('database', 'photos')).start();
    const secret = kind.context.secret('told-to-the-server').reveal();
    await expect(database.query(`SELECT '${secret}' FROM no_such_table`)).rejects.toThrow(/no_such_table/);
    const logs = await kind.substrate.exportLogs();
    const [server] = logs.filter((name) => /^pod\.database/.test(name));
    expect(logs).toEqual(expect.arrayContaining(['cluster.events', 'cluster.pods', server]));
    expect(logOf('cluster.events')).toMatch(/Scheduled Pod database-\d+-0/);
    expect(logOf('cluster.pods')).toMatch(/name: database-\d+-0[\s\S]*phase: Running/);
    expect(logOf(server ?? '')).toMatch(/# server[\s\S]*relation "no_such_table" does not exist[\s\S]*\*\*\*/);
    const { logsFolder } = kind.context;
    for (const file of readdirSync(logsFolder)) expect(logOf(file.replace(/\.log$/, '')), file).not.toContain(secret);
    await database.destroy();
  });
});

describe('an API server that', () => {
  /** A job and a volume at work, while something happens to the API server. */
  async function through(disturb: () => Promise<void>): Promise<void> {
    const volume = await kind.substrate.volume('outage');
    await volume.write('before', Buffer.from('1'));
    const job = kind.substrate.run({
      name: 'library.patient',
      volumes: [{ volume }],
      steps: () => [{ program: 'sh', args: ['-c', 'sleep 10; echo done'], cwd: volume.path }],
    });
    const disturbed = disturb();
    const written = Promise.all(
      Array.from({ length: 20 }, async (_, i) => await volume.write(`during/${i}`, Buffer.from(`${i}`))),
    );
    const [report] = await Promise.all([job, disturbed, written]);
    expect(report.steps[0]?.stdout).toBe('done\n');
    const files = (await Array.fromAsync(volume.files())).filter(({ type }) => type === 'file');
    expect(files.length).toBe(21);
    await volume.destroy();
  }

  it('stands still for 30 s takes nothing from a job and a volume that are at work', async () => {
    await through(async () => {
      await inNode('pkill', '-STOP', 'kube-apiserver');
      try {
        await delay(OUTAGE_MS);
      } finally {
        await inNode('pkill', '-CONT', 'kube-apiserver');
      }
    });
  });

  it('is killed and comes again does neither', async () => {
    await through(async () => await inNode('pkill', '-KILL', 'kube-apiserver'));
  });
});
