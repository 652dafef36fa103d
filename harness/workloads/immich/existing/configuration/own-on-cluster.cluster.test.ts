import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openToolbox } from '../../../../machine/tools/toolbox/toolbox.ts';
import type { RunResult } from '../../../../model/result.ts';
import { ClusterSubstrate } from '../../../../substrates/kubernetes/cluster/cluster.ts';
import {
  accountConfig,
  kubectlAs,
  RBAC_SNAPSHOTS,
} from '../../../../substrates/kubernetes/cluster/testing/drill-account.ts';
import { kindForFile } from '../../../../substrates/kubernetes/kind/testing/open-kind.ts';
import { complaintsOf, saidOf } from '../testing/complaints.ts';
import { drillOwn } from '../testing/drill-own.ts';
import { DATA as LIBRARIES, noRealLibraries } from '../testing/real-library.ts';

const BUDGET_MS = 10 * 60_000;
const READY_BUDGET_MS = 60_000;
const NAMESPACE = 'photos';
const FILES = 'immich-library';
const DATA = 'immich-database';
/** Where the server has its data in that claim. */
const PGDATA = 'pgdata';
const ORIGINAL = /^upload\/.*\.(jpe?g|png|webp)$/im;

const missing = noRealLibraries();

describe.skipIf(missing)(`VolumeSnapshots of somebody's own, on a cluster${missing ? `: ${missing}` : ''}`, () => {
  const kind = kindForFile();
  /** The kubeconfig of the account that drills have. */
  let restricted: string;
  let runs: string;

  beforeEach((ctx) => {
    if (kind.missing) ctx.skip(kind.missing);
  });
  beforeAll(async () => {
    if (kind.missing) return;
    runs = kind.context.logsFolder;
    restricted = join(runs, 'kubeconfig.yaml');
    writeFileSync(restricted, await accountConfig(kind.kube));
    await apply({ kind: 'Namespace', apiVersion: 'v1', metadata: { name: NAMESPACE } });
    await apply(claim(FILES), pod('immich', kind.images.shell ?? '', FILES, { command: ['sleep', '7200'] }));
    await apply(claim(DATA), pod('database', kind.images.postgres ?? '', DATA, SERVER));
    const pods = ['pod/immich', 'pod/database'];
    await admin('wait', '--namespace', NAMESPACE, '--for=condition=Ready', ...pods, '--timeout=120s');
    // As a server leaves it that runs as the account of a person: nobody else may look.
    await inPod('tar xzf - -C /library && chown -R 1000:1000 /library && chmod -R go-rwx /library', media());
    const sql = await inPod('zcat /library/backups/immich-db-backup-*.sql.gz');
    const psql = 'psql --username postgres --dbname immich --quiet --output /dev/null';
    const ready = 'until pg_isready --quiet --host 127.0.0.1; do sleep 1; done';
    await inPod(`${ready}; ${psql}`, Buffer.from(sql), 'database');
  }, BUDGET_MS);

  const admin = (...args: string[]) => kubectlAs(kind.kube, kind.kube.address.kubeconfig, args);
  const apply = (...objects: object[]) =>
    kubectlAs(
      kind.kube,
      kind.kube.address.kubeconfig,
      ['apply', '--filename', '-'],
      objects.map((one) => JSON.stringify(one)).join('\n---\n'),
    );

  async function inPod(script: string, input: Buffer = Buffer.alloc(0), name = 'immich'): Promise<string> {
    const { kubectl, kubeconfig } = kind.kube.address;
    const args = ['--kubeconfig', kubeconfig, 'exec', '--stdin', '--namespace', NAMESPACE, name, '--', 'sh', '-ec'];
    const { stdout } = await execa(kubectl, [...args, script], { input, encoding: 'buffer' });
    return Buffer.from(stdout).toString('utf8');
  }

  /** A snapshot of the claim, as a nightly job takes it. */
  async function snapshot(name: string, of: string): Promise<void> {
    await inPod('sync');
    const spec = { volumeSnapshotClassName: 'standard', source: { persistentVolumeClaimName: of } };
    const api = { apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshot' };
    await apply({ ...api, metadata: { name, namespace: NAMESPACE }, spec });
    const until = ['--for=jsonpath={.status.readyToUse}=true', `volumesnapshot/${name}`, '--timeout=60s'];
    await admin('wait', '--namespace', NAMESPACE, ...until);
  }

  /** What the cluster keeps of snapshots, and what becomes of it. */
  const kept = () =>
    admin('get', 'volumesnapshotcontent', '--output', `jsonpath={range .items[*]}{.metadata.uid} {end}`);

  async function drill(ofFiles: object, database: object): Promise<RunResult> {
    const config = { library: { volumeSnapshot: { namespace: NAMESPACE, ...ofFiles } }, database };
    return await drillOwn(runs, config, undefined, undefined, async (context) => {
      const options = { toolbox: await openToolbox(), images: kind.images, kubeconfig: restricted };
      return await ClusterSubstrate.open(context, options);
    });
  }

  it(
    'of files and of the data of a server that runs are read by an account that may, and left as they were',
    async () => {
      await snapshot('files-1', FILES);
      await snapshot('data-1', DATA);
      const volumeSnapshot = { namespace: NAMESPACE, claim: DATA };
      const ofData = { volumeSnapshot, path: PGDATA, baseBackup: {} };
      const refused = await drill({ claim: FILES }, ofData);
      expect(refused).toMatchObject({ verdict: 'unknown', exitCode: 2 });
      expect(refused.failures[0]).toMatchObject({
        code: 'not-permitted',
        next: expect.stringContaining('rbac-snapshots.yaml'),
      });
      await admin('apply', '--filename', RBAC_SNAPSHOTS);
      const before = await kept();
      const result = await drill({ claim: FILES }, ofData);
      expect(complaintsOf(result), saidOf(result)).toEqual([]);
      expect(result).toMatchObject({ verdict: 'pass', exitCode: 0, facts: { assets: 49, users: 2 } });
      expect(result.backups.map(({ id }) => id)).toEqual(
        expect.arrayContaining([expect.stringContaining('photos/files-1'), expect.stringContaining('photos/data-1')]),
      );
      expect(await kept()).toBe(before);
    },
    BUDGET_MS,
  );

  it(
    'tell of an original that the newest of a claim has not; one that is not there is a matter of the configuration',
    async () => {
      const [lost = ''] = ORIGINAL.exec(await inPod('cd /library && find upload -type f')) ?? [];
      await inPod(`rm "/library/${lost}"`);
      await snapshot('files-2', FILES);
      const before = await kept();
      const result = await drill({ claim: FILES }, { inLibrary: 'backups' });
      expect(result).toMatchObject({ verdict: 'fail', exitCode: 1 });
      expect(complaintsOf(result)).toContain('originals of library');
      expect(saidOf(result)).toContain(lost);
      const gone = await drill({ name: 'files-3' }, { inLibrary: 'backups' });
      expect(gone).toMatchObject({ verdict: 'unknown', exitCode: 64 });
      expect(gone.failures[0]).toMatchObject({ code: 'snapshot-missing', message: expect.stringContaining('files-3') });
      expect(await kept()).toBe(before);
    },
    BUDGET_MS,
  );

  it(
    'cannot be taken away by the account, and neither can what the storage keeps of them',
    async () => {
      const [name = ''] = (await admin('get', 'volumesnapshotcontent', '--output', 'name')).split('\n');
      const content = JSON.parse(await admin('get', name, '--output', 'json'));
      const { driver, source } = {
        driver: content.spec.driver,
        source: { snapshotHandle: content.status.snapshotHandle },
      };
      const own = (deletionPolicy: string, namespace: string, labels: object) => ({
        apiVersion: 'snapshot.storage.k8s.io/v1',
        kind: 'VolumeSnapshotContent',
        metadata: { name: 'tried', labels },
        spec: { driver, source, deletionPolicy, volumeSnapshotRef: { name: 'tried', namespace } },
      });
      const mark = { 'restore-drill.run': 'x' };
      const create = (body: object) =>
        kubectlAs(kind.kube, restricted, ['create', '--dry-run=server', '--filename', '-'], JSON.stringify(body));
      for (const body of [own('Delete', 'drill-x', mark), own('Retain', NAMESPACE, mark), own('Retain', 'drill-x', {})])
        await expect(create(body), JSON.stringify(body)).rejects.toThrow(/drills make/);
      await expect(create(own('Retain', 'drill-x', mark))).resolves.toContain('tried');
      for (const args of [
        ['delete', name],
        ['delete', 'volumesnapshot', 'files-1', '--namespace', NAMESPACE],
      ])
        await expect(kubectlAs(kind.kube, restricted, [...args, '--dry-run=server'])).rejects.toThrow(
          /denied|forbidden/i,
        );
    },
    READY_BUDGET_MS,
  );
});

function media(): Buffer {
  return readFileSync(join(LIBRARIES, 'immich-v3.1.0/media.tar.gz'));
}

function claim(name: string): object {
  return {
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
    metadata: { name, namespace: NAMESPACE },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };
}

/** The account of the server's image, whose database is Immich's. */
const SERVER = {
  env: Object.entries({ PGDATA: `/library/${PGDATA}`, POSTGRES_PASSWORD: 'theirs', POSTGRES_DB: 'immich' }).map(
    ([name, value]) => ({ name, value }),
  ),
};

function pod(name: string, image: string, claimName: string, runs: object): object {
  return {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name, namespace: NAMESPACE },
    spec: {
      terminationGracePeriodSeconds: 0,
      securityContext: { fsGroup: 26 },
      containers: [
        {
          ...{ name, image, imagePullPolicy: 'IfNotPresent', ...runs },
          volumeMounts: [{ name: 'library', mountPath: '/library' }],
        },
      ],
      volumes: [{ name: 'library', persistentVolumeClaim: { claimName } }],
    },
  };
}
