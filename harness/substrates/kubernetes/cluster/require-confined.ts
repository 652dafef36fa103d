import { AdmissionregistrationV1Api, type V1ValidatingAdmissionPolicy } from '@kubernetes/client-node';
import { DrillError } from '../../../model/error.ts';
import { codeOf, type Kube } from '../core/kube/kube.ts';
import { waitUntil } from '../core/kube/wait-until.ts';

/** The policy of `rbac.yaml`, and what binds it. */
const POLICY = 'restore-drill';
const DENIED = /ValidatingAdmissionPolicy '[^']+' with binding '[^']+' denied/;
/** A policy that was just made works some seconds later. */
const POLICY_BUDGET_MS = 10_000;
const FORBIDDEN = 403;

/**
 * Makes sure that something keeps the account from making and removing namespaces that are not of drills: a role cannot.
 * It asks for what must be refused, without it being done, and then for the policy that refuses it.
 */
export async function requireConfined(kube: Kube, context: string, isAllowed: boolean): Promise<void> {
  if (isAllowed) return;
  const why = await whyUnconfined(kube);
  if (why === undefined) return;
  throw new DrillError({
    code: 'role-unconfined',
    where: 'substrate/cluster',
    what: `Nothing keeps the account of the context "${context}" from removing any namespace of its cluster: ${why}. Nothing was made there.`,
    next: 'apply harness/substrates/kubernetes/cluster/rbac.yaml there (Kubernetes 1.30 or later) and use its account; to drill all the same, add --allow-unconfined-role.',
    blame: 'usage',
  });
}

async function whyUnconfined(kube: Kube): Promise<string | undefined> {
  const api = kube.config.makeApiClient(AdmissionregistrationV1Api);
  if (!(await isRefused(kube))) {
    const why = await whyNotInForce(kube, api);
    if (why !== undefined) return why;
    return await waitUntil(async () => ((await isRefused(kube)) ? true : undefined), {
      budgetMs: POLICY_BUDGET_MS,
      signal: kube.address.signal,
      late: () => new NotInForce(),
    }).then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof NotInForce) return `the policy ${POLICY} is not about this account`;
        throw error;
      },
    );
  }
  // That it watches the making of namespaces was seen; their removal is not tried on a namespace of somebody.
  const policy = await look(() => kube.find(() => api.readValidatingAdmissionPolicy({ name: POLICY })));
  if (policy === undefined || policy === 'hidden' || watchesRemoval(policy)) return undefined;
  return `the policy ${POLICY} does not look at the removal of namespaces`;
}

class NotInForce extends Error {}

/** Whether a namespace that is none of a drill's could not be made. */
async function isRefused(kube: Kube): Promise<boolean> {
  const body = { metadata: { name: `${kube.namespace}-unmarked` } };
  try {
    await kube.ask(() => kube.core.createNamespace({ body, dryRun: 'All' }));
    return false;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    if (error instanceof DrillError && DENIED.test(error.what)) return true;
    return false;
  }
}

async function whyNotInForce(kube: Kube, api: AdmissionregistrationV1Api): Promise<string | undefined> {
  const policy = await look(() => kube.find(() => api.readValidatingAdmissionPolicy({ name: POLICY })));
  if (policy === 'hidden')
    return `a namespace of any kind could be made, and whether there is the policy ${POLICY} may not be looked at`;
  if (!policy) return `there is no ValidatingAdmissionPolicy ${POLICY}, which Kubernetes knows from 1.30 on`;
  const binding = await look(() => kube.find(() => api.readValidatingAdmissionPolicyBinding({ name: POLICY })));
  if (binding === 'hidden') return `whether the policy ${POLICY} is bound may not be looked at`;
  if (binding?.spec?.policyName !== POLICY) return `the policy ${POLICY} is there, and nothing binds it`;
  if (!binding.spec.validationActions?.includes('Deny'))
    return `the policy ${POLICY} is bound without the action Deny, so that it only speaks of what it sees`;
  return undefined;
}

function watchesRemoval({ spec }: V1ValidatingAdmissionPolicy): boolean {
  return (spec?.matchConstraints?.resourceRules ?? []).some(({ operations = [], resources = [] }) => {
    const has = (all: readonly string[], one: string) => all.includes(one) || all.includes('*');
    return has(operations, 'DELETE') && has(resources, 'namespaces');
  });
}

async function look<Seen>(ask: () => Promise<Seen>): Promise<Seen | 'hidden'> {
  try {
    return await ask();
  } catch (error) {
    if (codeOf(error) === FORBIDDEN) return 'hidden';
    throw error;
  }
}
