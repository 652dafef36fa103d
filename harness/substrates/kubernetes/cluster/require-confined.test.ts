import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DrillError } from '../../../model/error.ts';
import { Kube } from '../core/kube/kube.ts';
import { requireConfined } from './require-confined.ts';

const POLICY = 'GET /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/restore-drill';
const BINDING = 'GET /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/restore-drill';
const MAKE = 'POST /api/v1/namespaces?dryRun=All';

const denial = {
  code: 422,
  message: `namespaces "x" is forbidden: ValidatingAdmissionPolicy 'restore-drill' with binding 'restore-drill' denied request: drills make and remove only namespaces with the label restore-drill.run`,
};
const rules = (...operations: string[]) => ({
  spec: { matchConstraints: { resourceRules: [{ operations, resources: ['namespaces'] }] } },
});
const bound = (...validationActions: string[]) => ({ spec: { policyName: 'restore-drill', validationActions } });
const forbidden = { code: 403, message: 'forbidden' };

type Answers = Readonly<Record<string, object>>;

/** Asks an API server that answers as told, and with "not found" otherwise; gives the error and what was asked. */
async function ask(answers: Answers, isAllowed = false): Promise<{ why: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const call = `${request.method} ${request.url}`;
    asked.push(call);
    const answer: { code?: number } = answers[call] ?? { code: 404, message: 'not found' };
    response.writeHead(answer.code ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const folder = mkdtempSync(join(tmpdir(), 'drill-test-'));
  try {
    const kubeconfig = join(folder, 'config');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const config = {
      'current-context': 'a',
      clusters: [{ name: 'a', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'a', user: {} }],
      contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    };
    writeFileSync(kubeconfig, JSON.stringify(config));
    const { signal } = new AbortController();
    const kube = new Kube({ kubeconfig, namespace: 'drill-x', kubectl: 'none', signal });
    const why = await requireConfined(kube, 'theirs', isAllowed).then(
      () => '',
      (error: DrillError) =>
        error instanceof DrillError ? `${error.code} ${error.blame}: ${error.what}` : String(error),
    );
    return { why, asked };
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}

it.each<[string, Answers, string]>([
  ['that is refused what is no drill’s', { [MAKE]: denial, [POLICY]: rules('CREATE', 'DELETE') }, ''],
  ['that may not look at the policy that refuses it', { [MAKE]: denial, [POLICY]: forbidden }, ''],
  [
    'whose policy looks only at what is made',
    { [MAKE]: denial, [POLICY]: rules('CREATE') },
    'does not look at the removal',
  ],
  ['of a cluster without policies', { [MAKE]: {} }, 'there is no ValidatingAdmissionPolicy restore-drill'],
  ['that may make anything, and see no policies', { [MAKE]: {}, [POLICY]: forbidden }, 'may not be looked at'],
  ['whose policy nothing binds', { [MAKE]: {}, [POLICY]: rules('CREATE', 'DELETE') }, 'nothing binds it'],
  [
    'whose policy only warns',
    { [MAKE]: {}, [POLICY]: rules('CREATE', 'DELETE'), [BINDING]: bound('Warn', 'Audit') },
    'without the action Deny',
  ],
  [
    'that is refused by something else',
    { [MAKE]: { code: 403, message: 'admission webhook "x" denied the request' } },
    'there is no ValidatingAdmissionPolicy',
  ],
])('an account %s', async (_, answers, why) => {
  const seen = await ask(answers);
  if (why === '') expect(seen.why).toBe('');
  else expect(seen.why).toMatch(new RegExp(`^role-unconfined usage: .*"theirs".*${why}.*Nothing was made there`));
  expect(seen.asked.filter((call) => !call.startsWith('GET ') && call !== MAKE)).toEqual([]);
});

it('an account that the policy is not about is refused, and one that the user allows is not asked', async () => {
  const answers = { [MAKE]: {}, [POLICY]: rules('CREATE', 'DELETE'), [BINDING]: bound('Deny') };
  expect((await ask(answers)).why).toMatch(/is not about this account/);
  expect(await ask(answers, true)).toEqual({ why: '', asked: [] });
}, 60_000);
