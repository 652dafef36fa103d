import { Docker } from '../../machine/docker/docker.ts';
import { postgresImage, preparePostgresImage } from '../../machine/docker/postgres-image.ts';
import type { LocalProgram } from '../../machine/processes/local-program.ts';
import { Sandbox } from '../../machine/sandbox/sandbox.ts';
import { provideSandboxPrograms } from '../../machine/sandbox/sandbox-programs.ts';
import { tool as postgres } from '../../machine/tools/postgres.ts';
import type { Environment } from '../../machine/tools/toolbox/environment.ts';
import type { FoundProgram, Toolbox } from '../../machine/tools/toolbox/toolbox.ts';
import { DrillError } from '../../model/error.ts';
import type { Program } from '../../model/job.ts';
import type { PostgresNeeds, SubstrateContext, ToolReport } from '../../model/substrate.ts';
import { PostgresContainers } from './containers/postgres-containers.ts';
import { installationOf, missingIn, postgresUnsuitable } from './postgres-installation.ts';
import { sandboxed } from './sandboxed.ts';

const CHOICE_VARIABLE = 'DRILL_POSTGRES';

export interface ProgramsSpec {
  readonly toolbox: Pick<Toolbox, 'find' | 'provide' | 'cacheFolder'>;
  readonly context: Pick<SubstrateContext, 'runId' | 'signal' | 'note'>;
  readonly workFolder: string;
  /** `DRILL_POSTGRES=container` asks for containers though Postgres is on this machine. */
  readonly env: Environment;
}

/** The outside programs of a run: from the toolbox; Postgres as a container where the toolbox has none, but Docker is. */
export class Programs {
  readonly #spec: ProgramsSpec;
  readonly #used = new Map<Program, LocalProgram>();
  /** Opened once, so that server and clients are of the same image, or all of the toolbox. */
  #containers: Promise<PostgresContainers> | undefined;
  #sandbox: Sandbox | undefined;

  constructor(spec: ProgramsSpec) {
    this.#spec = spec;
  }

  reports(): readonly ToolReport[] {
    return [...this.#used.values()].map(({ program, version, source, location }) => ({
      program,
      version,
      source,
      location,
    }));
  }

  /** Where programs run from here on; undefined when they run as the harness does. */
  get sandbox(): Sandbox | undefined {
    return this.#sandbox;
  }

  /** Has every program that is called from here on run in a sandbox; an error says why there can be none. */
  async openSandbox(): Promise<Sandbox> {
    const { toolbox, context, workFolder } = this.#spec;
    this.#sandbox = await Sandbox.open(context.runId, workFolder, await provideSandboxPrograms(toolbox));
    return this.#sandbox;
  }

  /** Every program, or one error with all that are missing. */
  async require(programs: readonly Program[]): Promise<void> {
    const missing: DrillError[] = [];
    for (const program of programs) {
      try {
        await this.provide(program);
      } catch (error) {
        if (!(error instanceof DrillError)) throw error;
        missing.push(error);
      }
    }
    if (missing.length > 0) throw together(missing);
  }

  async choose(programs: readonly Program[]): Promise<Program> {
    for (const program of programs) if (await this.#spec.toolbox.find(program)) return program;
    const first = programs[0];
    if (!first) throw new Error('choose() needs at least one program');
    return first;
  }

  async provide(program: Program): Promise<LocalProgram> {
    const known = this.#used.get(program);
    if (known) return known;
    const found = postgres.programs.includes(program)
      ? await this.#providePostgres(program)
      : fromToolbox(await this.#spec.toolbox.provide(program));
    const safe = this.#sandbox ? this.#sandboxed(found, this.#sandbox) : found;
    this.#used.set(program, safe);
    return safe;
  }

  #sandboxed(program: LocalProgram, sandbox: Sandbox): LocalProgram {
    const { workFolder, toolbox } = this.#spec;
    return sandboxed(program, sandbox, { workFolder, cacheFolder: toolbox.cacheFolder });
  }

  /** Settles whose Postgres is used: that of this machine where it meets the needs, otherwise that of an image. */
  async choosePostgres(needs: PostgresNeeds): Promise<void> {
    const here = wantsContainer(this.#spec.env) ? `${CHOICE_VARIABLE} asks for a container` : await this.#unfit(needs);
    if (here === undefined) return;
    try {
      const opened = this.#open(undefined, needs);
      this.#containers = opened;
      await opened;
      // Those that were found before are of another Postgres, which may be too old for what this one is chosen for.
      for (const program of postgres.programs) this.#used.delete(program);
    } catch (error) {
      if (!(error instanceof DrillError) || error.blame === 'usage') throw error;
      throw postgresUnsuitable(needs, here, error);
    }
  }

  /** Why the Postgres of this machine will not do; undefined when it will. */
  async #unfit(needs: PostgresNeeds): Promise<string | undefined> {
    const found = await this.#spec.toolbox.find('initdb');
    if (!found) return 'this machine has no Postgres';
    const shown = await installationOf(found);
    const missing = missingIn(shown, needs);
    return missing && `Postgres ${found.version} in ${found.location} ${missing}`;
  }

  /** Removes the containers that are still there; asks nothing of Docker when it was not used. */
  async removeContainers(): Promise<void> {
    const containers = await this.#containers?.catch(() => undefined);
    await containers?.remove();
  }

  async #providePostgres(program: Program): Promise<LocalProgram> {
    if (wantsContainer(this.#spec.env)) this.#containers ??= this.#open();
    if (this.#containers) return (await this.#containers).program(program);
    try {
      return fromToolbox(await this.#spec.toolbox.provide(program));
    } catch (error) {
      if (!(error instanceof DrillError) || error.code !== 'tool-missing') throw error;
      this.#containers = this.#open(error);
      return (await this.#containers).program(program);
    }
  }

  async #open(missing?: DrillError, needs?: PostgresNeeds): Promise<PostgresContainers> {
    const { env, context, workFolder } = this.#spec;
    const docker = await Docker.find(env);
    if (!(docker instanceof Docker)) throw noContainers(docker, missing);
    const image = postgresImage(env, needs?.major);
    const version = await preparePostgresImage(docker, image, {
      signal: context.signal,
      note: (line) => context.note('tools', { line }),
    });
    return await PostgresContainers.open({
      docker,
      image,
      version,
      runId: context.runId,
      workFolder,
      sandbox: this.#sandbox,
    });
  }
}

function fromToolbox({ program, version, source, location, env = {} }: FoundProgram): LocalProgram {
  return {
    ...{ program, version, source, location },
    call: ({ account }) => ({ command: location, prefix: [], env, ...(account && { account }) }),
  };
}

function wantsContainer(env: Environment): boolean {
  const choice = env[CHOICE_VARIABLE];
  if (!choice) return false;
  if (choice === 'container') return true;
  throw new DrillError({
    code: 'setting-unknown',
    where: 'substrate/local',
    what: `${CHOICE_VARIABLE} is "${choice}"; only "container" is known.`,
    next: `set it to "container", or unset it to use the Postgres programs of this machine where they are.`,
    blame: 'usage',
  });
}

function noContainers(why: string, missing: DrillError | undefined): DrillError {
  const about = { where: 'substrate/local', blame: 'environment' } as const;
  if (missing)
    return new DrillError({
      ...about,
      code: missing.code,
      where: missing.where,
      what: `${missing.what} It cannot run as a container either: ${why}.`,
      next: missing.next.includes('start Docker') ? missing.next : `${missing.next} Or start Docker.`,
      cause: missing,
      tail: missing.tail,
    });
  return new DrillError({
    ...about,
    code: 'docker-missing',
    what: `${CHOICE_VARIABLE}=container asks for Postgres as a container, but ${why}.`,
    next: `start Docker, or unset ${CHOICE_VARIABLE} to use the Postgres programs of this machine.`,
  });
}

function together(missing: readonly DrillError[]): DrillError {
  // One cause may keep many programs away: it is told once.
  const distinct = [...new Map(missing.map((error) => [error.message, error])).values()];
  const [first, ...others] = distinct;
  if (first && others.length === 0) return first;
  return new DrillError({
    code: 'tools-missing',
    where: 'substrate/local',
    what: distinct.map((error) => error.what).join(' '),
    next: [...new Set(distinct.map((error) => error.next))].join(' '),
    blame: 'environment',
    cause: new AggregateError(distinct),
    tail: distinct
      .map((error) => error.tail)
      .filter(Boolean)
      .join('\n'),
  });
}
