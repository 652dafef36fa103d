import { createHash } from 'node:crypto';
import { execa } from 'execa';
import { agent } from './agent.ts';
import { FrameReader } from './frame-reader.ts';

const TAIL_CHARS = 2_000;

/** What a script in a pod came to. */
export interface Answer {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** The stream ended before the answer was there in full: whether the script ran is not known. */
export class SessionLost extends Error {}

/** Everything needed to call kubectl for one container. */
export interface ExecCall {
  readonly kubectl: string;
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly pod: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** The arguments of `kubectl exec` for a shell script. */
export function execArguments({ kubeconfig, namespace, pod }: ExecCall, script: string, input: boolean): string[] {
  const target = ['--kubeconfig', kubeconfig, '--namespace', namespace, 'exec', ...(input ? ['--stdin'] : []), pod];
  return [...target, '--quiet', '--', 'sh', '-c', script];
}

/** One long call of `kubectl exec` that runs one script after the other: a call for each would take longer than most. */
export class VolumeAgentSession {
  readonly #child: ReturnType<typeof openShell>;
  readonly #reader: FrameReader;
  #count = 0;
  #said = '';
  #turn: Promise<unknown> = Promise.resolve();
  #lost = false;

  /** `folder`: where scripts run. */
  constructor(call: ExecCall, folder: string) {
    this.#child = openShell(call, folder);
    // Writing to a client that has ended is told by the answer that does not come.
    this.#child.stdin.on('error', () => {});
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#said = `${this.#said}${chunk.toString('utf8')}`.slice(-TAIL_CHARS);
    });
    this.#reader = new FrameReader(this.#child.stdout);
  }

  get isLost(): boolean {
    return this.#lost;
  }

  /** Runs a script in the folder of the volume; calls queue up. */
  async run(script: string, input: Uint8Array = new Uint8Array()): Promise<Answer> {
    const answer = this.#turn.then(() => this.#one(script, input));
    this.#turn = answer.catch(() => {});
    return await answer;
  }

  async close(): Promise<void> {
    this.#lost = true;
    this.#child.kill('SIGKILL');
    await this.#child;
  }

  async #one(script: string, input: Uint8Array): Promise<Answer> {
    if (this.#lost) throw new SessionLost('the session has ended');
    this.#count += 1;
    const text = Buffer.from(script);
    this.#child.stdin.write(`${this.#count} ${text.length} ${input.length}\n`);
    this.#child.stdin.write(text);
    if (input.length > 0) this.#child.stdin.write(input);
    const [id, code, out, err, sha256] = (await this.#reader.line())?.split(' ') ?? [];
    const stdout = await this.#reader.bytes(Number(out));
    const stderr = await this.#reader.bytes(Number(err));
    const whole = stdout && stderr && id === String(this.#count);
    if (!whole || createHash('sha256').update(stdout).digest('hex') !== sha256) throw this.#end();
    return { exitCode: Number(code), stdout, stderr: stderr.toString('utf8') };
  }

  #end(): SessionLost {
    this.#lost = true;
    this.#child.kill('SIGKILL');
    return new SessionLost(`the connection to the pod was lost: ${this.#said.trim() || 'it says nothing'}`);
  }
}

function openShell(call: ExecCall, folder: string) {
  return execa(call.kubectl, execArguments(call, agent(folder), true), {
    env: { ...call.env },
    extendEnv: false,
    cwd: call.cwd,
    stdin: 'pipe',
    buffer: false,
    reject: false,
    encoding: 'buffer',
  });
}
