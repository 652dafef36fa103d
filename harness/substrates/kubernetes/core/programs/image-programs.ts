import type { ToolDefinition } from '../../../../machine/tools/toolbox/definition.ts';
import { loadDefinitions } from '../../../../machine/tools/toolbox/definitions.ts';
import { isAccepted } from '../../../../machine/tools/toolbox/probe.ts';
import { DrillError } from '../../../../model/error.ts';
import type { Program } from '../../../../model/job.ts';
import type { ToolReport } from '../../../../model/substrate.ts';
import { type ImageMap, type ImageRole, imageOf, roleOf } from '../images.ts';
import type { Pods } from '../kube/pods.ts';
import { askInPod } from './probe-pod.ts';
import { questionsOf } from './question.ts';

/** Programs to what they said when they were asked for their versions. */
export type Answers = ReadonlyMap<Program, string>;

const NOTHING_AHEAD: Promise<Answers> = Promise.resolve(new Map());

/** The programs of a cluster: each comes from the image of its role, where it is asked for its version once. */
export class ImagePrograms {
  #images: ImageMap;
  readonly #pods: Pods;
  readonly #definitions: readonly ToolDefinition[];
  readonly #ahead: Promise<Answers>;
  readonly #found = new Map<Program, ToolReport>();
  readonly #missing = new Map<Program, string>();
  readonly #replaced = new Set<ImageRole>();
  #asking: Promise<void> = Promise.resolve();
  #count = 0;

  private constructor(images: ImageMap, pods: Pods, definitions: readonly ToolDefinition[], ahead: Promise<Answers>) {
    this.#images = images;
    this.#pods = pods;
    this.#definitions = definitions;
    this.#ahead = ahead;
  }

  /** What was asked ahead of the cluster saves a pod; it may lack anything. */
  static async open(images: ImageMap, pods: Pods, ahead: Promise<Answers> = NOTHING_AHEAD): Promise<ImagePrograms> {
    return new ImagePrograms(images, pods, await loadDefinitions(), ahead);
  }

  get images(): ImageMap {
    return this.#images;
  }

  /** Takes the programs of a role from another image from here on. */
  use(role: ImageRole, image: string): void {
    this.#images = { ...this.#images, [role]: image };
    this.#replaced.add(role);
    for (const known of [this.#found, this.#missing])
      for (const program of known.keys()) if (roleOf(program) === role) known.delete(program);
  }

  reports(): ToolReport[] {
    return [...this.#found.values()];
  }

  imageOf(program: Program): string {
    return imageOf(this.#images, roleOf(program));
  }

  /** Makes sure that all of them are there; every one that is missing is in the error. */
  async require(programs: readonly Program[]): Promise<void> {
    await this.#ask(programs);
    const missing = programs.filter((program) => this.#missing.has(program));
    if (missing.length > 0) throw this.#notThere(missing);
  }

  /** The first of them that is there. */
  async choose(programs: readonly Program[]): Promise<Program> {
    const usable = programs.filter((program) => this.#images[roleOf(program)] !== undefined);
    for (const program of usable) {
      await this.#ask([program]);
      if (this.#found.has(program)) return program;
    }
    throw this.#notThere(programs);
  }

  /** The versions of programs that must be there, in the same order. */
  async versionsOf(programs: readonly Program[]): Promise<string[]> {
    await this.require(programs);
    return programs.map((program) => this.#found.get(program)?.version ?? 'unknown');
  }

  /** One pod at a time, and never one for what is known already. */
  async #ask(programs: readonly Program[]): Promise<void> {
    this.#asking = this.#asking.catch(() => {}).then(() => this.#askNew(programs));
    await this.#asking;
  }

  async #askNew(programs: readonly Program[]): Promise<void> {
    const unknown = [...new Set(programs)].filter((one) => !this.#found.has(one) && !this.#missing.has(one));
    if (unknown.length === 0) return;
    this.#count += 1;
    const ahead = await this.#ahead;
    for (const program of unknown)
      if (!this.#replaced.has(roleOf(program))) this.#note(program, ahead.get(program) ?? '');
    // What a container on this machine did not tell may be another matter in the cluster, which then says why.
    const open = unknown.filter((program) => !this.#found.has(program));
    if (open.length === 0) return;
    const questions = questionsOf(open, this.#images, (program) => this.#definition(program));
    const said = await askInPod(`probe-${this.#count}`, questions, this.#pods);
    for (const program of open) this.#note(program, said.get(program) ?? '');
  }

  #note(program: Program, said: string): void {
    const tool = this.#definition(program);
    const version = tool.version.pattern.exec(said.trim())?.[1];
    const location = this.imageOf(program);
    this.#missing.delete(program);
    if (version !== undefined && isAccepted(tool, version))
      this.#found.set(program, { program, version, source: 'container', location });
    else this.#missing.set(program, said.trim().split('\n').slice(-2).join(' '));
  }

  #definition(program: Program): ToolDefinition {
    const tool = this.#definitions.find(({ programs }) => programs.includes(program));
    if (tool) return tool;
    throw new DrillError({
      code: 'tool-unknown',
      where: 'substrate/kubernetes',
      what: `No file in harness/machine/tools/ brings a program called ${program}.`,
      next: `add one that exports a tool with "${program}" among its programs.`,
      blame: 'harness',
    });
  }

  #notThere(programs: readonly Program[]): DrillError {
    const each = programs.map(
      (program) => `${program} in ${this.#images[roleOf(program)] ?? `an image for ${roleOf(program)}`}`,
    );
    return new DrillError({
      code: programs.length === 1 ? 'tool-missing' : 'tools-missing',
      where: 'substrate/kubernetes',
      what: `Programs were not found in their images, or in no version that will do: ${each.join(', ')}.`,
      next: `name images that have them in a file for --images (roles: ${[...new Set(programs.map(roleOf))].join(', ')}).`,
      blame: 'environment',
      tail: programs
        .map((program) => this.#missing.get(program) ?? '')
        .filter(Boolean)
        .join('\n'),
    });
  }
}
