import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { containerArguments } from '../../../machine/docker/container-arguments.ts';
import { RUN_LABEL, removeContainers } from '../../../machine/docker/containers.ts';
import type { Docker } from '../../../machine/docker/docker.ts';
import { type Account, serverAccount } from '../../../machine/processes/account.ts';
import type { LocalProgram } from '../../../machine/processes/local-program.ts';
import type { Sandbox } from '../../../machine/sandbox/sandbox.ts';

const CALL_LABEL = 'restore-drill.call';
/** Docker's own failure, and a program that could not be started or was not found. */
const NOT_RUN = [125, 126, 127];

/** What containers of one run have in common. */
export interface PostgresContainersSpec {
  readonly docker: Docker;
  readonly image: string;
  readonly version: string;
  readonly runId: string;
  readonly workFolder: string;
  readonly sandbox?: Sandbox | undefined;
}

/** Postgres' programs as containers, one a call, each in the foreground of a child process that is Docker's client. */
export class PostgresContainers {
  readonly #spec: PostgresContainersSpec;
  readonly #passwd: string;
  #calls = 0;

  private constructor(spec: PostgresContainersSpec, passwd: string) {
    this.#spec = spec;
    this.#passwd = passwd;
  }

  static async open(spec: PostgresContainersSpec): Promise<PostgresContainers> {
    const passwd = join(spec.workFolder, 'container-passwd');
    await writeFile(passwd, accountLines(spec.sandbox));
    await chmod(passwd, 0o644);
    return new PostgresContainers(spec, passwd);
  }

  program(program: string): LocalProgram {
    const { docker, image, version, runId, workFolder, sandbox } = this.#spec;
    return {
      program,
      version,
      source: 'container',
      location: image,
      call: (site) => {
        this.#calls += 1;
        const labels = { [RUN_LABEL]: runId, [CALL_LABEL]: String(this.#calls) };
        // The account that the program would have as a process: what it writes belongs to the same in both cases.
        const user = sandbox?.account ?? site.account ?? ownAccount();
        return {
          command: docker.command,
          prefix: containerArguments({
            ...site,
            image,
            program,
            labels,
            user,
            workFolder,
            passwd: this.#passwd,
            sandbox,
          }),
          env: docker.env,
          notRun: NOT_RUN,
          cleanUp: () => removeContainers(docker, labels),
        };
      },
    };
  }

  /** Removes every container of the run that is still there. */
  async remove(): Promise<void> {
    await removeContainers(this.#spec.docker, { [RUN_LABEL]: this.#spec.runId });
  }
}

function ownAccount(): Account {
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
}

/** Not this machine's own list, which lacks accounts from a directory server and would tell of people. */
function accountLines(sandbox: Sandbox | undefined): string {
  const accounts = [ownAccount(), sandbox?.account ?? serverAccount() ?? ownAccount()].filter(({ uid }) => uid !== 0);
  const lines = accounts.map(({ uid, gid }) => `drill:x:${uid}:${gid}::/:/bin/sh`);
  return ['root:x:0:0::/:/bin/sh', ...new Set(lines), ''].join('\n');
}
