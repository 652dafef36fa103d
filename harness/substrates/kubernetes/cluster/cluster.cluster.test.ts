import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { V1Pod } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Workplace } from '../../../cli/testing/workplace.ts';
import { nameOfRun } from '../../../machine/docker/run-name.ts';
import { itAtNight } from '../../../machine/testing/at-night.ts';
import { openToolbox } from '../../../machine/tools/toolbox/toolbox.ts';
import type { RunResult } from '../../../model/result.ts';
import { OWN_USER } from '../core/kube/confined.ts';
import { Kube } from '../core/kube/kube.ts';
import { imagesFile, kindForFile } from '../kind/testing/open-kind.ts';
import { ClusterSubstrate } from './cluster.ts';
import { requireConfined } from './require-confined.ts';
import { ACCOUNT, accountConfig, CONTEXT, kubectlAs } from './testing/drill-account.ts';

const RUN_BUDGET_MS = 8 * 60_000;
/** Of a journal, some milliseconds apart. */
const POLLS = 15_000;
const POLICY_BUDGET_MS = 30_000;

const kind = kindForFile();
/** A kubeconfig whose only account has the roles of the README, and those of everybody. */
let restricted: string;
let place: Workplace;

beforeAll(async () => {
  if (kind.missing) return;
  place = new Workplace();
  restricted = join(place.folder, 'kubeconfig.yaml');
  writeFileSync(restricted, await accountConfig(kind.kube));
});
afterAll(() => {
  if (!kind.missing) place[Symbol.dispose]();
});

async function kubectl(kubeconfig: string, args: readonly string[]): Promise<string> {
  return await kubectlAs(kind.kube, kubeconfig, args);
}

async function admin(...args: string[]): Promise<string> {
  return await kubectl(kind.substrate.address.kubeconfig, args);
}

function drill(...args: string[]): string[] {
  return ['notes', '--on', 'cluster', '--kubeconfig', restricted, '--images', imagesFile() ?? '', ...args];
}

async function namespaces(): Promise<string[]> {
  return (await admin('get', 'namespaces', '--output', 'name')).split('\n').sort();
}

/** The version of everything that a drill could touch. */
async function everything(): Promise<string> {
  const kinds = 'namespaces,pods,services,secrets,persistentvolumeclaims,jobs,rolebindings,networkpolicies,configmaps';
  const seen = '-o=jsonpath={range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name} {.metadata.uid}\n{end}';
  return await admin('get', kinds, '--all-namespaces', seen);
}

/** A cluster that was just made goes on starting pods of its own for a while. */
async function settled(): Promise<string> {
  let seen = '';
  await expect
    .poll(
      async () => {
        const before = seen;
        seen = await everything();
        return seen === before;
      },
      { timeout: 120_000, interval: 5_000 },
    )
    .toBe(true);
  return seen;
}

describe('a cluster of the user', () => {
  it('that is not marked for drills is refused without touching it, until its context is allowed by name', async () => {
    await admin('label', 'namespace', ACCOUNT, 'restore-drill.allowed-');
    try {
      const before = await settled();
      for (const args of [[], ['--allow-context', 'another']]) {
        const { exitCode, stdout } = await place.run(drill('--json', ...args));
        const result = JSON.parse(stdout) as RunResult;
        expect({ exitCode, verdict: result.verdict }).toEqual({ exitCode: 64, verdict: 'unknown' });
        expect(result.failures[0]).toMatchObject({
          code: 'context-not-marked',
          message: expect.stringMatching(/"for-drills" is not marked for drills: no namespace there has the label/),
          next: expect.stringMatching(/--allow-context for-drills/),
        });
      }
      expect(await everything()).toBe(before);
    } finally {
      await admin('label', 'namespace', ACCOUNT, 'restore-drill.allowed=true');
    }
    expect(place.leftFolders()).toEqual([]);
  });

  it('that is not in the kubeconfig is refused with the names of those that are', async () => {
    const { exitCode, stdout } = await place.run(drill('--json', '--context', 'production'));
    expect(exitCode).toBe(64);
    expect((JSON.parse(stdout) as RunResult).failures[0]?.next).toMatch(/choose one of: for-drills/);
  });

  it('lets the account of drills do nothing outside of namespaces that drills have made', async () => {
    await admin('create', 'namespace', 'somebodys');
    const attempts = [
      ['delete', 'namespace', 'somebodys', '--dry-run=server'],
      ['create', 'namespace', 'not-a-drill', '--dry-run=server'],
      ['create', 'rolebinding', 'x', '--clusterrole=restore-drill-sandbox', '--user=x', '--dry-run=server'],
      ['create', 'rolebinding', 'x', '--clusterrole=cluster-admin', '--user=x', '--dry-run=server'],
      ['get', 'secrets', '--all-namespaces'],
      ['get', 'pods', '--namespace', 'default'],
    ];
    for (const args of attempts)
      await expect(kubectl(restricted, args), args.join(' ')).rejects.toThrow(/denied|forbidden|restore-drill/i);
  });
});

it('an account that no policy keeps to drills is refused before anything is made, unless it is allowed', async () => {
  const policy = ['patch', 'validatingadmissionpolicybinding', ACCOUNT, '--type=merge', '--patch'];
  const acts = async (...validationActions: string[]) =>
    await admin(...policy, JSON.stringify({ spec: { validationActions } }));
  const { signal, kubectl: program } = kind.kube.address;
  const kube = new Kube({ kubeconfig: restricted, namespace: 'drill-none', kubectl: program, signal });
  await acts('Warn');
  try {
    await vi.waitFor(
      async () => await expect(requireConfined(kube, CONTEXT, false)).rejects.toThrow(/without the action Deny/),
      { timeout: POLICY_BUDGET_MS, interval: 500 },
    );
    const before = await namespaces();
    const { exitCode, stdout } = await place.run(drill('--json'));
    const [failure] = (JSON.parse(stdout) as RunResult).failures;
    expect({ exitCode, code: failure?.code, next: failure?.next }).toEqual({
      ...{ exitCode: 64, code: 'role-unconfined' },
      next: expect.stringMatching(/--allow-unconfined-role/),
    });
    expect(await namespaces()).toEqual(before);
    await requireConfined(kube, CONTEXT, true);
  } finally {
    await acts('Deny');
  }
  await vi.waitFor(async () => await requireConfined(kube, CONTEXT, false), POLICY_BUDGET_MS);
});

describe('a namespace for what somebody else has made', { timeout: RUN_BUDGET_MS }, () => {
  let substrate: ClusterSubstrate;

  beforeAll(async () => {
    if (kind.missing) return;
    const context = { ...kind.context, runId: `${kind.context.runId}-guest`, untrusted: true, readsOver: [443] };
    const options = { toolbox: await openToolbox(), images: kind.images, kubeconfig: restricted };
    substrate = await ClusterSubstrate.open(context, options);
  }, RUN_BUDGET_MS);
  afterAll(async () => await substrate?.[Symbol.asyncDispose](), RUN_BUDGET_MS);

  it('is held to the restricted standard by the API server, and to its walls', async () => {
    const { namespace } = substrate;
    const made = JSON.parse(await admin('get', 'namespace', namespace, '--output', 'json'));
    expect(made.metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    const body = { metadata: { name: 'root' }, spec: { containers: [{ name: 'root', image: 'x' }] } };
    await expect(kind.kube.core.createNamespacedPod({ namespace, body, dryRun: 'All' })).rejects.toThrow(
      /violates PodSecurity \\*"restricted/,
    );
    const walls = await admin('get', 'networkpolicy', '--namespace', namespace, '--output', 'name');
    expect(walls.split('\n')).toEqual([
      'networkpolicy.networking.k8s.io/restore-drill',
      'networkpolicy.networking.k8s.io/restore-drill-outside',
    ]);
  });

  it('runs jobs as nobody in particular, which change nothing but volumes and get no token', async () => {
    const volume = await substrate.volume('library');
    const attempts = [
      'id -u; grep -hE "^(CapEff|CapBnd|NoNewPrivs|Seccomp):" /proc/self/status | tr -s "\\t" " "',
      'touch /pwned 2>/dev/null || echo no root; ls /var/run/secrets 2>/dev/null || echo no token',
      'cp /bin/sh "$1/sh" && chmod 4755 "$1/sh" && mkdir -m 700 "$1/own" && touch -d @1700000000 "$1/." && ls -A "$1"',
    ];
    const { steps } = await substrate.run({
      name: 'library.tries',
      volumes: [{ volume }],
      steps: () => attempts.map((script) => ({ program: 'sh', args: ['-c', script, 'sh', volume.path] })),
    });
    const [who = '', what = '', written = ''] = steps.map(({ stdout }) => stdout);
    expect(who.split('\n').slice(0, 5)).toEqual([
      ...[String(OWN_USER), 'CapEff: 0000000000000000', 'CapBnd: 0000000000000000'],
      ...['NoNewPrivs: 1', 'Seccomp: 2'],
    ]);
    expect(what).toBe('no root\nno token\n');
    expect(written).toBe('own\nsh\n');
    await volume.write('list/new\nline', Buffer.from('x'), { uid: 7, gid: 7 });
    const seen = (await Array.fromAsync(volume.files())).map(({ path, uid }) => ({ path, uid }));
    expect(seen.map(({ path }) => path)).toEqual(['list', 'list/new\nline', 'own', 'sh']);
    expect(new Set(seen.map(({ uid }) => uid))).toEqual(new Set([OWN_USER]));
  });

  it('has a server of Postgres for a database of any name, which is nobody in particular, too', async () => {
    const name = `-x "; DROP DATABASE postgres; -- $(PGDATA) $(id)'`;
    const slot = await substrate.postgres('database', name);
    const database = await slot.start();
    expect(await database.query('SELECT current_database() AS name')).toEqual([{ name }]);
    const pods = await admin('get', 'pods', '--namespace', substrate.namespace, '--output', 'json');
    for (const { spec, metadata } of (JSON.parse(pods) as { items: V1Pod[] }).items)
      expect(spec?.securityContext, metadata?.name ?? '').toMatchObject({ runAsNonRoot: true, runAsUser: OWN_USER });
  });
});

describe('a drill in a namespace of a cluster', { timeout: RUN_BUDGET_MS }, () => {
  itAtNight('passes with the roles of the README, sharded, behind its walls, and leaves nothing', async () => {
    using own = new Workplace();
    const before = await namespaces();
    const child = own.start(drill('--json', '--shards', '2'));
    await own.journalUntil(({ event, phase }) => event === 'phase-started' && phase === 'backup', POLLS);
    const namespace = nameOfRun(own.runs()[0] ?? '');
    const made = JSON.parse(await admin('get', 'namespace', namespace, '--output', 'json'));
    expect(made.metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'baseline' });
    expect(await admin('get', 'resourcequota,networkpolicy', '--namespace', namespace, '--output', 'name')).toBe(
      'resourcequota/restore-drill\nnetworkpolicy.networking.k8s.io/restore-drill',
    );
    expect(await admin('get', 'services', '--namespace', namespace, '--output', 'json')).not.toContain('nodePort');
    const { exitCode, stdout, stderr } = await child;
    expect(exitCode, `${stdout}${stderr}`).toBe(0);
    expect(JSON.parse(String(stdout)) as RunResult).toMatchObject({ verdict: 'pass', drill: { substrate: 'cluster' } });
    expect(await namespaces()).toEqual(before);
    expect([own.leftFolders(), own.leftProcesses()]).toEqual([[], []]);
  });

  it('that was killed is found by drill gc in the cluster, and only that', async () => {
    using own = new Workplace();
    const before = await namespaces();
    const child = own.start(drill());
    await own.journalUntil(({ event, phase }) => event === 'phase-started' && phase === 'seed', POLLS);
    child.kill('SIGKILL');
    await child;
    const namespace = nameOfRun(own.runs()[0] ?? '');
    expect(await namespaces()).toContain(`namespace/${namespace}`);
    const { exitCode, stdout } = await own.run(['gc', '--on', 'cluster', '--kubeconfig', restricted]);
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toMatch(new RegExp(`killed +a namespace of ${CONTEXT} +${namespace} +removed`));
    expect(await namespaces()).toEqual(before);
    expect([own.leftFolders(), own.leftProcesses()]).toEqual([[], []]);
  });
});
