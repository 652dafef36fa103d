import { constants } from 'node:fs';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GoBuild, ToolDefinition } from './definition.ts';
import type { Environment } from './environment.ts';
import { type InstallJob, installFailed, type Origin, type Provider } from './provider.ts';
import { runProgram } from './run-program.ts';
import { onSearchPath } from './search-path.ts';

const BUILD_BUDGET_MS = 40 * 60_000;
const NO_NETWORK = /dial tcp|no such host|i\/o timeout|connection refused|TLS handshake timeout|network is unreachable/;
/** `go install` refuses to build for another machine, and a build flag of the user's could change what is built. */
const NOT_PASSED_ON = ['GOOS', 'GOARCH', 'GOFLAGS', 'GOWORK'];

/** Builds the pinned version of a Go module, whose bytes Go checks against its own checksum database. */
export class GoProvider implements Provider {
  readonly source = 'go';
  readonly #homeForGo: string;
  #offline = false;

  /** `homeForGo` holds Go's own files where the user has no home folder that can be written to. */
  constructor(homeForGo: string) {
    this.#homeForGo = homeForGo;
  }

  offers(tool: ToolDefinition): string | undefined {
    return tool.go && `built with Go from ${tool.go.module}@${tool.go.version} (${tool.go.takes})`;
  }

  async obstacle(_tool: ToolDefinition, env: Environment): Promise<string | undefined> {
    return (await onSearchPath('go', env)).length > 0 ? undefined : 'the Go toolchain is not on PATH';
  }

  async install(tool: ToolDefinition, job: InstallJob): Promise<Origin> {
    const { go } = tool;
    const [command] = await onSearchPath('go', job.env);
    if (!go || !command) throw new Error(`${tool.name} cannot be built with Go here`);
    await mkdir(job.scratch, { recursive: true });
    job.note(`building ${tool.name} ${go.version.replace(/^v/, '')} with go: once, ${go.takes}`);
    const env = await this.#environment(job);
    const options = { env, cwd: job.scratch, budgetMs: BUILD_BUDGET_MS, signal: job.signal };
    await writeFile(join(job.scratch, 'go.mod'), moduleFile(go));
    const built = await runProgram(command, installArgs(go), options);
    if (!built.ok) {
      // What is in Go's own cache can still be built; what is not would wait for the network again.
      this.#offline ||= NO_NETWORK.test(built.tail);
      const last = built.tail.split('\n').at(-1)?.trim() ?? '';
      const what = `${go.module}@${go.version} could not be built with Go: ${last}`;
      throw installFailed(tool, 'go-build', what, { tail: built.tail });
    }
    const [first = tool.name] = tool.programs;
    const told = await runProgram(command, ['version', '-m', join(job.folder, first)], options);
    const lines = told.stdout.split('\n').map((line) => line.trim().split(/\s+/));
    const hash = lines.find(([kind, module]) => ['mod', 'dep'].includes(kind ?? '') && module === go.module)?.[3];
    return {
      origin: [`${go.module}@${go.version}`],
      proof: hash ? `module hash ${hash}` : 'as Go verified the module',
    };
  }

  async #environment(job: InstallJob): Promise<Record<string, string>> {
    const set = Object.entries(job.env).filter(([name]) => !NOT_PASSED_ON.includes(name));
    const env = Object.fromEntries(set.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
    const hasHome = job.env.HOME ? await isWritable(job.env.HOME) : false;
    return {
      ...env,
      ...(!hasHome && { HOME: this.#homeForGo, GOPATH: join(this.#homeForGo, 'go') }),
      ...(!hasHome && { GOCACHE: join(this.#homeForGo, 'build') }),
      ...(this.#offline && { GOPROXY: 'off' }),
      GOBIN: job.folder,
      // Modules below our own folder stay deletable; Go would make them read-only.
      GOFLAGS: hasHome ? '-mod=mod' : '-mod=mod -modcacherw',
      GOWORK: 'off',
      CGO_ENABLED: '0',
    };
  }
}

/**
 * A module of our own that needs the tool's: `go install module@version` would ask for all its versions as well,
 * which not every module proxy answers. Go writes the rest of the file itself.
 */
function moduleFile(go: GoBuild): string {
  return `module restore-drill/tools\n\ngo 1.21\n\nrequire ${go.module} ${go.version}\n`;
}

function installArgs(go: GoBuild): string[] {
  const sets = Object.entries(go.sets ?? {}).map(([name, value]) => `-X=${name}=${value}`);
  const packages = Object.values(go.commands).map((path) => (path === '' ? go.module : `${go.module}/${path}`));
  return ['install', '-trimpath', '-buildvcs=false', '-ldflags', ['-s', '-w', ...sets].join(' '), ...packages];
}

async function isWritable(folder: string): Promise<boolean> {
  return await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}
