import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdLock, releaseLock } from '../../../machine/work-folders/run-lock.ts';
import { folderNameOf, workRoot } from '../../../machine/work-folders/work-root.ts';
import { pgStep } from '../../../paths/objects/libpq.ts';
import { openLocalForTest } from '../../local/testing/open-local.ts';
import { Pods } from '../core/kube/pods.ts';
import { ImagePrograms } from '../core/programs/image-programs.ts';
import { findClusters } from './cluster/leftover-clusters.ts';
import { comparable, fill, NASTY } from './testing/nasty-files.ts';
import { errorOf, kindForFile, pendingVolume } from './testing/open-kind.ts';

const SHORT_BUDGET_MS = 20_000;
/** Two images may have to be unpacked first. */
const START_BUDGET_MS = 60_000;

const kind = kindForFile({}, {}, async ({ substrate, docker, context }) => {
  const { name, kubeconfig } = substrate.address;
  const left = await Promise.all([
    docker.run(['ps', '--all', '--quiet', '--filter', `label=io.x-k8s.kind.cluster=${name}`]),
    docker.run(['network', 'ls', '--quiet', '--filter', `name=${name}`]),
  ]);
  expect(left.map(({ stdout }) => stdout)).toEqual(['', '']);
  expect(existsSync(kubeconfig), `${context.runId} has left its kubeconfig`).toBe(false);
});

describe('a volume', () => {
  it('holds what was written, and its manifest is that of a folder of this machine', async () => {
    const volume = await kind.substrate.volume('library');
    await fill(volume);
    await using local = await openLocalForTest();
    const folder = await local.substrate.volume('library');
    await fill(folder);
    const [seen, expected] = [await Array.fromAsync(volume.files()), await Array.fromAsync(folder.files())];
    expect(comparable(seen)).toEqual(comparable(expected));
    expect(seen.length).toBe(NASTY.length + 5);
    for (const [i, path] of NASTY.entries())
      expect(Buffer.from(await volume.read(path)).toString(), path).toBe(`content of ${i}`);
    await volume.write('a.txt', Buffer.from('changed'));
    expect(await Array.fromAsync(volume.files())).not.toEqual(seen);
  });

  it('knows what is there, keeps out of other folders, and is gone when it is destroyed', async () => {
    const volume = await kind.substrate.volume('short');
    const other = await kind.substrate.volume('short');
    expect(volume.identity).not.toBe(other.identity);
    await volume.write('x', Buffer.from('1'));
    expect([await volume.has('x'), await volume.has('y'), await volume.exists()]).toEqual([true, false, true]);
    expect(await errorOf(volume.read('y'))).toMatchObject({
      code: 'volume-failed',
      tail: expect.stringMatching(/No such file/),
    });
    expect(await errorOf(volume.write('../x', new Uint8Array()))).toMatchObject({ code: 'outside-volume' });
    await volume.destroy();
    expect([await volume.exists(), await other.exists()]).toEqual([false, true]);
  });
});

describe('a job', () => {
  it('runs its steps in order over a volume, a scratch folder and redirected files', async () => {
    const volume = await kind.substrate.volume('job');
    await volume.write('in.txt', Buffer.from('from the harness\n'));
    const secret = kind.context.secret('job-secret');
    const report = await kind.substrate.run({
      name: 'library.steps',
      volumes: [{ volume }],
      steps: (scratch) => [
        { program: 'sha256sum', args: ['in.txt'], cwd: volume.path, stdout: `${scratch}/sum`, phase: 'fetch' },
        { program: 'cat', args: [], stdin: `${scratch}/sum`, phase: 'load' },
        {
          program: 'sh',
          args: ['-c', 'echo "$SECRET $(HOME) $$(x)" >out; echo "$SECRET" >&2; exit 3'],
          cwd: volume.path,
          env: { SECRET: secret },
          okExitCodes: [0, 3],
        },
        { program: 'restic', args: ['version'] },
      ],
    });
    expect(report.steps.map(({ program, phase }) => [program, phase])).toEqual([
      ['sha256sum', 'fetch'],
      ['cat', 'load'],
      ['sh', undefined],
      ['restic', undefined],
    ]);
    expect(report.steps[0]?.stdout).toBe('');
    expect(report.steps[1]?.stdout).toMatch(/^[0-9a-f]{64} {2}in.txt\n$/);
    expect(report.steps[3]?.stdout).toContain(`restic ${report.steps[3]?.version}`);
    expect(Buffer.from(await volume.read('out')).toString()).toContain(`${secret.reveal()} `);
  });

  it('that fails says which program ended how, with its last lines, and hides secrets', async () => {
    const secret = kind.context.secret('hidden');
    const failing = kind.substrate.run({
      name: 'library.fails',
      volumes: [],
      steps: () => [
        { program: 'cat', args: ['/no/such/file'] },
        { program: 'sh', args: ['-c', 'echo never'], env: { SECRET: secret } },
      ],
    });
    expect(await errorOf(failing)).toMatchObject({
      code: 'job-failed',
      blame: 'backup',
      where: 'job/library.fails',
      what: 'cat ended with exit code 1.',
      tail: expect.stringContaining('No such file or directory'),
    });
    const told = kind.substrate.run({
      name: 'library.tells',
      volumes: [],
      steps: () => [{ program: 'sh', args: ['-c', 'echo "$SECRET" >&2; exit 9'], env: { SECRET: secret } }],
    });
    const error = await errorOf(told);
    expect(error.tail).toContain('***');
    expect(JSON.stringify([error, error.message, error.tail])).not.toContain(secret.reveal());
    const log = readFileSync(join(kind.context.logsFolder, 'library.tells.log'), 'utf8');
    expect(log).toMatch(/^\$ sh -c .*\n\*\*\*\n= exit 9 after \d+\.\d+ s\n$/);
  });

  it('that takes too long is ended, and its log is there', async () => {
    const endless = kind.substrate.run({
      name: 'library.endless',
      volumes: [],
      deadlineMs: 4_000,
      steps: () => [{ program: 'sh', args: ['-c', 'echo begun >&2; sleep 600'] }],
    });
    expect(await errorOf(endless)).toMatchObject({
      code: 'job-deadline',
      blame: 'environment',
      tail: expect.stringMatching(/begun[\s\S]*DeadlineExceeded/),
    });
  });

  it('whose claim stays Pending says so, with the event', async () => {
    const volume = await pendingVolume(kind, SHORT_BUDGET_MS);
    const error = await errorOf(volume.has('x'));
    expect(error).toMatchObject({ code: 'volume-pending', blame: 'environment' });
    expect(`${error.what} ${error.tail}`).toMatch(/stays Pending[\s\S]*no-such-class/);
    const job = kind.substrate.run({
      name: 'library.pending',
      volumes: [{ volume }],
      steps: () => [{ program: 'cat', args: [] }],
    });
    expect(await errorOf(job)).toMatchObject({ code: 'volume-pending', where: 'job/library.pending' });
  });

  it('whose image is not there says so', async () => {
    const programs = await ImagePrograms.open(
      { shell: 'drill.invalid/none:1' },
      new Pods(kind.kube, kind.context.runId, SHORT_BUDGET_MS),
    );
    const error = await errorOf(programs.require(['cat']));
    expect(error).toMatchObject({ code: 'image-missing', blame: 'environment' });
    expect(error.what).toMatch(/drill\.invalid\/none:1.*(ErrImagePull|ImagePullBackOff)/);
    expect(await errorOf(programs.require(['minio']))).toMatchObject({ code: 'image-unknown', blame: 'usage' });
  });

  it('is told which programs its images lack', async () => {
    const images = { shell: kind.images.postgres ?? '', restic: kind.images.redis ?? '' };
    const programs = await ImagePrograms.open(images, new Pods(kind.kube, `${kind.context.runId}-2`, START_BUDGET_MS));
    const error = await errorOf(programs.require(['age', 'restic', 'cat']));
    expect(error).toMatchObject({ code: 'tools-missing', what: expect.stringMatching(/age in .*, restic in /) });
  });
});

describe('servers', () => {
  it('Postgres keeps rows, speaks to jobs by its name, and is gone when it is destroyed', async () => {
    const slot = await kind.substrate.postgres('database', 'photos');
    const database = await slot.start();
    expect(await slot.start()).toBe(database);
    await database.query('CREATE EXTENSION vector; CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (42)');
    const report = await kind.substrate.run({
      name: 'database.look',
      volumes: [],
      steps: () => [pgStep(database, 'psql', ['--tuples-only', '--no-align', '--command', 'SELECT id FROM t'])],
    });
    expect(report.steps[0]?.stdout).toBe('42\n');
    expect(await database.exists()).toBe(true);
    const other = await (await kind.substrate.postgres('database', 'photos')).start();
    await database.destroy();
    expect([await database.exists(), await slot.data.exists(), await other.exists()]).toEqual([false, false, true]);
  });

  it('Redis keeps keys, and a server that ends by itself is noticed', async () => {
    const cache = await (await kind.substrate.redis('redis')).start();
    await cache.command('SET', 'a', '1');
    expect(await Array.fromAsync(cache.keys())).toMatchObject([{ key: 'a', type: 'string', expiresAtMs: -1 }]);
    expect(kind.substrate.crashedServices()).toEqual([]);
    await kind.substrate.run({
      name: 'redis.shutdown',
      volumes: [],
      steps: () => [
        {
          program: 'redis-cli',
          args: ['-h', cache.host, '-p', String(cache.port), 'SHUTDOWN', 'NOSAVE'],
          env: { REDISCLI_AUTH: cache.password },
        },
      ],
    });
    await expect.poll(() => kind.substrate.crashedServices(), { timeout: SHORT_BUDGET_MS }).not.toEqual([]);
    expect(kind.substrate.crashedServices()[0]).toMatch(/^redis-\d+ ended with exit code 0/);
    await cache.destroy();
    expect(await cache.exists()).toBe(false);
  });

  it('S3 keeps objects', async () => {
    const bucket = await kind.substrate.bucket('objects');
    await bucket.put('a/b', Buffer.from('bytes'));
    expect(await Array.fromAsync(bucket.list())).toEqual([{ key: 'a/b', sizeBytes: 5 }]);
    expect(Buffer.from(await bucket.get('a/b')).toString()).toBe('bytes');
    expect(bucket.server).toMatch(/^minio \S+/);
    await bucket.remove('a/b');
    expect(await Array.fromAsync(bucket.list())).toEqual([]);
  });
});

describe('a cluster', () => {
  it('belongs to its run, until that was killed', async () => {
    const { name } = kind.substrate.address;
    const folder = join(workRoot(), folderNameOf(kind.context.runId, workRoot()));
    const file = join(folder, 'owner.json');
    const note = readFileSync(file, 'utf8');
    const look = async () => (await findClusters(kind.docker)).find(({ cluster }) => cluster === name);
    expect(await look()).toMatchObject({ runId: kind.context.runId, state: 'running' });
    try {
      writeFileSync(file, JSON.stringify({ ...JSON.parse(note), startedAt: 'another time' }));
      expect(await look()).toMatchObject({ state: 'running' });
      await releaseLock(folder);
      expect(await look()).toMatchObject({ state: 'killed' });
    } finally {
      await holdLock(folder);
      writeFileSync(file, note);
    }
  });
});
