import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GoBuild, ToolDefinition } from './definition.ts';
import type { Environment } from './environment.ts';
import { goEnvironment } from './go-environment.ts';
import { type InstallJob, installFailed, type Origin, type Provider } from './provider.ts';
import { runProgram } from './run-program.ts';
import { onSearchPath } from './search-path.ts';

const BUILD_BUDGET_MS = 40 * 60_000;
const NO_NETWORK = /dial tcp|no such host|i\/o timeout|connection refused|TLS handshake timeout|network is unreachable/;
/** Which module, and all that it is built with, by version and by hash. */
const LOCKED = ['go.mod', 'go.sum'];

/** Builds the pinned version of a Go module, whose bytes and those of all its dependencies are pinned in a `go.sum`. */
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
    const env = {
      ...(await goEnvironment(command, job.env, this.#homeForGo)),
      ...(this.#offline && { GOPROXY: 'off' }),
      GOBIN: job.folder,
    };
    const options = { env, cwd: job.scratch, budgetMs: BUILD_BUDGET_MS, signal: job.signal };
    // A module of our own that needs the tool's: `go install module@version` would ask for all its versions as well,
    // which not every module proxy answers, and would know no sums but those of the checksum database.
    for (const name of LOCKED) await copyFile(fileURLToPath(new URL(name, go.sums)), join(job.scratch, name));
    const built = await runProgram(command, installArgs(go), options);
    if (!built.ok) {
      // What is in Go's own cache can still be built; what is not would wait for the network again.
      this.#offline ||= NO_NETWORK.test(built.tail);
      const last = built.tail.split('\n').at(-1)?.trim() ?? '';
      const what = `${go.module}@${go.version} could not be built with Go: ${last}`;
      throw installFailed(tool, 'go-build', what, { tail: built.tail });
    }
    // Go trusts what it has unpacked into its cache before; nothing has been run of it yet.
    const verified = await runProgram(command, ['mod', 'verify'], options);
    if (!verified.ok) {
      const what = `Modules in Go's cache are not what go.sum says, so ${tool.name} was not kept. Clear it with \`go clean -modcache\`.`;
      throw installFailed(tool, 'go-modules', what, { tail: verified.tail });
    }
    const [first = tool.name] = tool.programs;
    const told = await runProgram(command, ['version', '-m', join(job.folder, first)], options);
    const lines = told.stdout.split('\n').map((line) => line.trim().split(/\s+/));
    const hash = lines.find(([kind, module]) => ['mod', 'dep'].includes(kind ?? '') && module === go.module)?.[3];
    return {
      origin: [`${go.module}@${go.version}`],
      proof: hash ? `module hash ${hash}, as pinned in go.sum` : 'as Go verified the module against go.sum',
    };
  }
}

function installArgs(go: GoBuild): string[] {
  const sets = Object.entries(go.sets ?? {}).map(([name, value]) => `-X=${name}=${value}`);
  const packages = Object.values(go.commands).map((path) => (path === '' ? go.module : `${go.module}/${path}`));
  return ['install', '-trimpath', '-buildvcs=false', '-ldflags', ['-s', '-w', ...sets].join(' '), ...packages];
}
