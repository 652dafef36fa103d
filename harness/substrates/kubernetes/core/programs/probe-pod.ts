import type { V1Container, V1Pod } from '@kubernetes/client-node';
import { labelsOf } from '../kube/labels.ts';
import { LOG_BYTES } from '../kube/log-bytes.ts';
import { eventLines, hopeless, statuses, whyNotStarted } from '../kube/pod-trouble.ts';
import { AS_ROOT, hasEnded, type Pods, podTrouble } from '../kube/pods.ts';
import { waitUntil } from '../kube/wait-until.ts';
import { answersIn, callOf, type Question } from './question.ts';

const WHERE = 'substrate/kubernetes';
/** Beside pulling and starting: some programs take seconds to tell their version. */
const RUN_BUDGET_MS = 60_000;

/** Asks programs in their images for their versions, in one pod; gives what each of them said. */
export async function askInPod(name: string, questions: readonly Question[], pods: Pods): Promise<Map<string, string>> {
  const { kube } = pods;
  const { namespace } = kube;
  const body: V1Pod = {
    metadata: { name, labels: labelsOf(pods.runId, 'probe') },
    spec: pods.confined({ ...AS_ROOT, containers: questions.map((one, i) => container(one, i, pods)) }),
  };
  await kube.make(() => kube.core.createNamespacedPod({ namespace, body }));
  try {
    await untilEnded(name, pods);
    const said = new Map<string, string>();
    for (const [i, question] of questions.entries()) {
      const log = await kube.ask(() =>
        kube.core.readNamespacedPodLog({ namespace, name, container: `p${i}`, limitBytes: LOG_BYTES }),
      );
      for (const [program, text] of answersIn(question, log)) said.set(program, text);
    }
    return said;
  } finally {
    if (!kube.address.signal.aborted)
      await kube.remove(() => kube.core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: 0 }));
  }
}

function container(question: Question, i: number, pods: Pods): V1Container {
  const base = {
    name: `p${i}`,
    image: question.image,
    imagePullPolicy: 'IfNotPresent',
    resources: pods.resources('probe'),
  };
  const call = callOf(question);
  if ('args' in call) return { ...base, args: [...call.args] };
  return { ...base, command: ['sh', '-c', call.script.replaceAll('$', '$$$$')] };
}

async function untilEnded(name: string, pods: Pods): Promise<void> {
  const { kube } = pods;
  const startBy = Date.now() + pods.startBudgetMs;
  const look = async () => {
    const pod = await pods.find(name);
    if (!pod || hasEnded(pod)) return true;
    const isLate = Date.now() > startBy && statuses(pod).every(({ state }) => state?.waiting);
    const trouble = hopeless(pod) ?? (isLate ? await whyNotStarted(kube, pod) : undefined);
    if (trouble) throw podTrouble(WHERE, trouble, await eventLines(kube, pod));
    return undefined;
  };
  await waitUntil(look, {
    budgetMs: pods.startBudgetMs + RUN_BUDGET_MS,
    signal: kube.address.signal,
    late: () => podTrouble(WHERE, { code: 'pod-not-started', why: 'programs did not tell their versions in time' }, ''),
  });
}
