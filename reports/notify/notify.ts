import { execa } from 'execa';
import pRetry, { AbortError } from 'p-retry';
import { oneLine } from '../text/one-line.ts';
import type { VerdictChange } from './change.ts';

const REQUEST_BUDGET_MS = 10_000;
const COMMAND_BUDGET_MS = 60_000;
const RETRIES = 2;
const RETRY_MS = 500;
const PRIORITIES: Readonly<Record<string, string>> = { fail: 'urgent', unknown: 'high', pass: 'default' };
const TAGS: Readonly<Record<string, string>> = { fail: 'rotating_light', unknown: 'warning', pass: 'white_check_mark' };

type Channel = (change: VerdictChange, setting: string, env: NodeJS.ProcessEnv) => Promise<void>;

/** By environment only, since addresses and tokens are secrets. */
const CHANNELS: Readonly<Record<string, Channel>> = {
  DRILL_NOTIFY_WEBHOOK: webhook,
  DRILL_NOTIFY_NTFY: ntfy,
  DRILL_NOTIFY_COMMAND: command,
};

/** Tells of a change by every channel that the environment names; gives those that failed, one line each. */
export async function notify(change: VerdictChange, env: NodeJS.ProcessEnv): Promise<string[]> {
  const set = Object.entries(CHANNELS).flatMap(([name, channel]) => {
    const setting = env[name];
    return setting ? [{ name, channel, setting }] : [];
  });
  const problems = await Promise.all(
    set.map(async ({ name, channel, setting }) => {
      try {
        await channel(change, setting, env);
        return [];
      } catch (error) {
        return [
          `[notify] ${name} could not be told of the change: ${oneLine(reasonOf(error).replaceAll(setting, '***'))}`,
        ];
      }
    }),
  );
  return problems.flat();
}

async function webhook({ entry, from, subject, text }: VerdictChange, url: string): Promise<void> {
  const { drill, substrate, verdict, run, red, rto, rpo, seq, hash } = entry;
  const rest = { rtoSeconds: rto.seconds, rpoSeconds: rpo.seconds, red, history: { seq, hash } };
  // `text` is what Slack, Mattermost and their like show.
  const body = JSON.stringify({ text, subject, drill, substrate, from, verdict, run, ...rest });
  await post(url, { 'content-type': 'application/json' }, body);
}

async function ntfy({ entry, subject, text }: VerdictChange, url: string, env: NodeJS.ProcessEnv): Promise<void> {
  const headers = {
    title: subject.replaceAll(/[^\x20-\x7e]/g, '?'),
    priority: PRIORITIES[entry.verdict] ?? 'default',
    tags: TAGS[entry.verdict] ?? 'warning',
    ...(env.DRILL_NOTIFY_NTFY_TOKEN && { authorization: `Bearer ${env.DRILL_NOTIFY_NTFY_TOKEN}` }),
  };
  await post(url, headers, text);
}

/** A command of the user's, such as `mail -s "$DRILL_SUBJECT" me@example.org`, with the text on stdin. */
async function command({ entry, from, subject, text }: VerdictChange, line: string): Promise<void> {
  const { drill, verdict, run } = entry;
  await execa('sh', ['-c', line], {
    input: text,
    stdout: 'ignore',
    timeout: COMMAND_BUDGET_MS,
    env: {
      DRILL_SUBJECT: subject,
      DRILL_NAME: drill,
      DRILL_VERDICT: verdict,
      DRILL_VERDICT_BEFORE: from ?? '',
      DRILL_RUN: run.id,
    },
  });
}

async function post(url: string, headers: Record<string, string>, body: string): Promise<void> {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw new Error('it is no address that begins with http:// or https://');
  const send = async () => {
    const signal = AbortSignal.timeout(REQUEST_BUDGET_MS);
    // Where it leads may be anybody's: neither the text nor the token goes there.
    const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    await answer.body?.cancel();
    if (answer.ok) return;
    if (answer.status >= 300 && answer.status < 400)
      throw new AbortError(
        `the server answered ${answer.status} and sends elsewhere, where nothing is sent: name that address`,
      );
    const error = new Error(`the server answered ${answer.status}`);
    throw answer.status < 500 && answer.status !== 429 ? new AbortError(error) : error;
  };
  await pRetry(send, { retries: RETRIES, minTimeout: RETRY_MS });
}

/** Without the command line and its environment, which may hold secrets. */
function reasonOf(error: unknown): string {
  const { exitCode, stderr, timedOut } = error as { exitCode?: number; stderr?: string; timedOut?: boolean };
  if (timedOut) return `it took longer than ${COMMAND_BUDGET_MS / 1000} s`;
  if (exitCode !== undefined) return `it ended with ${exitCode}${stderr ? `: ${stderr.split('\n').at(-1)}` : ''}`;
  const { cause, message } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
