import { type Command, Option } from 'commander';
import type { Drill } from '../model/drill.ts';
import { DrillError } from '../model/error.ts';
import type { Scale, Workload } from '../model/workload.ts';
import { drillNames, loadDrill } from './load-drills.ts';
import { wholeNumber } from './numbers.ts';

/** What the options that a workload brings say. */
export interface OwnChoices {
  readonly scale: Partial<Scale>;
  /** The image of its real server. */
  readonly image?: string;
}

/** Adds what the workload of a drill can be asked for, as far as the command does not have it yet. */
export function withOwnOptions(command: Command, { scaleOptions, imageOption }: Workload): void {
  const options = scaleOptions.map(({ name, help, least }) =>
    new Option(`--${flagOf(name)} <n>`, help).argParser(wholeNumber(least)),
  );
  if (imageOption) options.push(new Option(`--${flagOf(imageOption.name)} <image>`, imageOption.help));
  for (const option of options)
    if (!command.options.some(({ long }) => long === option.long)) command.addOption(option);
}

/**
 * Adds the options of the drills that are named among the words, which only they know. Where none is, the command still
 * takes them: the word that is no drill is what has to be said, not the options of a workload that nobody can know.
 */
export async function addOwnOptions(command: Command, words: readonly string[]): Promise<void> {
  const all = drillNames();
  const named = words.filter((word) => all.includes(word));
  for (const name of named) withOwnOptions(command, (await loadDrill(name)).workload);
  const isAboutOwn = words.some((word) => /^--config(=|$)/.test(word));
  const isNamed = words.some((word) => !word.startsWith('-'));
  if (named.length === 0 && isNamed && !isAboutOwn) command.allowUnknownOption().allowExcessArguments();
}

/** What was asked for of what the workload of the drill brings. */
export function ownChoices({ workload }: Drill, options: object): OwnChoices {
  const given = new Map(Object.entries(options));
  const asked = workload.scaleOptions.flatMap((option) => {
    const value: unknown = given.get(option.name);
    return typeof value === 'number' ? [[option.name, value] as const] : [];
  });
  const { imageOption } = workload;
  const image: unknown = imageOption && given.get(imageOption.name);
  if (!imageOption || typeof image !== 'string') return { scale: Object.fromEntries(asked) };
  if (given.get('on') === 'local') throw needsCluster(image, imageOption.otherwise, flagOf(imageOption.name));
  return { scale: Object.fromEntries(asked), image };
}

/** `photoKib` is `--photo-kib`. */
function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function needsCluster(image: string, otherwise: string, flag: string): DrillError {
  return new DrillError({
    code: 'image-needs-cluster',
    where: 'cli',
    what: `The image ${image} was asked for, and on this machine itself no images are run.`,
    next: `add \`--on kind\`, or leave --${flag} out for ${otherwise}.`,
    blame: 'usage',
  });
}
