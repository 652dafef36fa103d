import type { V1Container, V1Pod } from '@kubernetes/client-node';
import type { ToolDefinition } from '../../../tools/toolbox/definition.ts';
import { labelsOf } from '../kube/labels.ts';
import { eventLines, hopeless, statuses, whyNotStarted } from '../kube/pod-trouble.ts';
import { AS_ROOT, hasEnded, type Pods, podTrouble } from '../kube/pods.ts';
import { waitUntil } from '../kube/wait-until.ts';
import { quoted } from '../volume/agent.ts';

const WHERE = 'substrate/kubernetes';
/** Beside pulling and starting: some programs take seconds to tell their version. */
const RUN_BUDGET_MS = 60_000;
const MARK = '\u001e';

/** Programs of one image to be asked for their versions. */
export interface Question {
  readonly image: string;
  readonly asked: readonly { readonly program: string; readonly tool: ToolDefinition }[];
  /** Whether the image has a shell; otherwise its entry point is its one program. */
  readonly shell: boolean;
}

/** Asks programs in their images for their versions, in one pod; gives what each of them said. */
export async function askInPod(name: string, questions: readonly Question[], pods: Pods): Promise<Map<string, string>> {
  const { kube } = pods;
  const { namespace } = kube;
  const body: V1Pod = {
    metadata: { name, labels: labelsOf(pods.runId, 'probe') },
    spec: { ...AS_ROOT, containers: questions.map(container) },
  };
  await kube.make(() => kube.core.createNamespacedPod({ namespace, body }));
  try {
    await untilEnded(name, pods);
    const said = new Map<string, string>();
    for (const [i, question] of questions.entries()) {
      const log = await kube.ask(() => kube.core.readNamespacedPodLog({ namespace, name, container: `p${i}` }));
      for (const [program, text] of parts(question, log)) said.set(program, text);
    }
    return said;
  } finally {
    if (!kube.address.signal.aborted)
      await kube.remove(() => kube.core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: 0 }));
  }
}

function container({ image, asked, shell }: Question, i: number): V1Container {
  const base = { name: `p${i}`, image, imagePullPolicy: 'IfNotPresent' };
  if (!shell) return { ...base, args: [...(asked[0]?.tool.version.args ?? [])] };
  const script = asked.flatMap(({ program, tool }) => [
    `printf '\\036%s\\n' ${quoted(program)}`,
    [program, ...tool.version.args].map(quoted).join(' '),
    `printf '\\n${ENDED}%s\\n' $?`,
  ]);
  const text = ['exec 2>&1 </dev/null', ...script, 'exit 0'].join('\n');
  return { ...base, command: ['sh', '-c', text.replaceAll('$', '$$$$')] };
}

const ENDED = 'exit code ';

/** What each program said; of one that failed nothing, for the shell speaks, too, of programs that are not there. */
function parts({ asked, shell }: Question, log: string): [string, string][] {
  if (!shell) return asked.map(({ program }) => [program, log]);
  return log
    .split(MARK)
    .slice(1)
    .map((part) => {
      const [program = '', ...said] = part.trimEnd().split('\n');
      return [program, said.pop() === `${ENDED}0` ? said.join('\n') : ''];
    });
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
