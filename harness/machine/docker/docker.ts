import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Environment, pick } from '../tools/toolbox/environment.ts';
import { type Ran, runProgram } from '../tools/toolbox/run-program.ts';
import { onSearchPath } from '../tools/toolbox/search-path.ts';

const ANSWER_BUDGET_MS = 20_000;
/** How the client finds its daemon, beside the set-up in the user's home folder. */
const PASSED_ON = [
  'PATH',
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_TLS_VERIFY',
  'DOCKER_CERT_PATH',
  'DOCKER_API_VERSION',
  'SSH_AUTH_SOCK',
  'XDG_RUNTIME_DIR',
];
/** Accounts inside would be others than outside, and could not write into folders of ours. */
const REMAPS_ACCOUNTS = /name=(rootless|userns)/;

/** A Docker daemon that answers, by way of the client on `PATH`. */
export class Docker {
  readonly command: string;
  /** Of the daemon. */
  readonly version: string;
  /** What the client needs in its environment, wherever `HOME` leads. */
  readonly env: Readonly<Record<string, string>>;

  private constructor(command: string, version: string, env: Readonly<Record<string, string>>) {
    this.command = command;
    this.version = version;
    this.env = env;
  }

  /** The first client on `PATH`, or in one clause why there are no containers on this machine. */
  static async find(userEnv: Environment = process.env): Promise<Docker | string> {
    const [command] = await onSearchPath('docker', userEnv);
    if (!command) return 'there is no docker on PATH';
    const env = clientEnvironment(userEnv);
    const asked = await new Docker(command, '', env).run(['version', '--format', '{{.Server.Version}}']);
    if (!asked.ok) return `Docker does not answer (${asked.tail.split('\n').at(-1) ?? ''})`;
    const docker = new Docker(command, asked.stdout.trim(), env);
    const info = await docker.run(['info', '--format', '{{json .SecurityOptions}}']);
    return REMAPS_ACCOUNTS.test(info.stdout) ? 'this Docker is rootless or maps accounts to others' : docker;
  }

  /** Runs the client to its end; that it failed is told and not thrown. */
  async run(
    args: readonly string[],
    { budgetMs = ANSWER_BUDGET_MS, signal }: { budgetMs?: number; signal?: AbortSignal | undefined } = {},
  ): Promise<Ran> {
    return await runProgram(this.command, args, { env: this.env, cwd: tmpdir(), budgetMs, signal });
  }
}

/** Jobs have a home folder of their own, so the user's set-up of the client is named. */
function clientEnvironment(env: Environment): Record<string, string> {
  const config = env.DOCKER_CONFIG ?? (env.HOME ? join(env.HOME, '.docker') : undefined);
  return { ...pick(env, PASSED_ON), ...(config && { DOCKER_CONFIG: config }) };
}
