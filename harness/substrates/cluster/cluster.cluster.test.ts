import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { Workplace } from '../../cli/testing/workplace.ts';
import type { RunResult } from '../../model/result.ts';
import { imagesFile, kindForFile } from '../kind/testing/open-kind.ts';
import { nameOfRun } from '../kubernetes/kube/labels.ts';

const RUN_BUDGET_MS = 8 * 60_000;
/** Of a journal, some milliseconds apart. */
const POLLS = 15_000;
const RBAC = join(import.meta.dirname, 'rbac.yaml');
const CONTEXT = 'for-drills';
const ACCOUNT = 'restore-drill';

const kind = kindForFile();
/** A kubeconfig whose only account has the roles of the README, and those of everybody. */
let restricted: string;
let place: Workplace;

beforeAll(async () => {
  if (kind.missing) return;
  place = new Workplace();
  await admin('apply', '--filename', RBAC);
  restricted = join(place.folder, 'kubeconfig.yaml');
  writeFileSync(restricted, await accountConfig());
});
afterAll(() => {
  if (!kind.missing) place[Symbol.dispose]();
});

async function kubectl(kubeconfig: string, args: readonly string[]): Promise<string> {
  const { stdout } = await execa(kind.kube.address.kubectl, ['--kubeconfig', kubeconfig, ...args]);
  return stdout;
}

async function admin(...args: string[]): Promise<string> {
  return await kubectl(kind.substrate.address.kubeconfig, args);
}

/** The same cluster, with a token of the account alone. */
async function accountConfig(): Promise<string> {
  const config = parse(await admin('config', 'view', '--raw')) as { clusters: { name: string }[] };
  const token = await admin('create', 'token', ACCOUNT, '--namespace', ACCOUNT, '--duration', '2h');
  const cluster = config.clusters[0]?.name;
  return stringify({
    ...config,
    users: [{ name: ACCOUNT, user: { token } }],
    contexts: [{ name: CONTEXT, context: { cluster, user: ACCOUNT } }],
    'current-context': CONTEXT,
  });
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

describe('a cluster of the user', () => {
  it('that is not marked for drills is refused without touching it, until its context is allowed by name', async () => {
    await admin('label', 'namespace', ACCOUNT, 'restore-drill.allowed-');
    try {
      const before = await everything();
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

describe('a drill in a namespace of a cluster', { timeout: RUN_BUDGET_MS }, () => {
  it('passes with the roles of the README, sharded, behind its walls, and leaves nothing', async () => {
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
