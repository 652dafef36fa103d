import type { Drill } from './drill.ts';
import type { Phase } from './result.ts';
import type { Substrate } from './substrate.ts';

/** Where a fault is put in. */
export const INJECTION_POINTS = ['source', 'backup tool', 'store', 'restore', 'target', 'time'] as const;
export type InjectionPoint = (typeof INJECTION_POINTS)[number];

/** What must say so: a check by its name, or the phase in which the run must fail. */
export type Catcher = `check ${string}` | `phase ${Phase}`;

/** Where people have met the failure. */
export interface Thread {
  /** What happened to them, in a few words. */
  readonly fact: string;
  readonly url: string;
}

/** What a sabotage is told, and what it tells: for the runner, never for a judge. */
export interface SabotageContext {
  /** The component that is ruined. */
  readonly component: string;
  /** Notes what was harmed, as a report must name it. Nothing noted means that nothing was done. */
  harmed(name: string): void;
  /** Undoes something after the run, such as a proxy. */
  afterwards(undo: () => Promise<void>): void;
}

interface Described {
  /** That of its file. */
  readonly name: string;
  /** One sentence: what goes wrong. */
  readonly summary: string;
  readonly where: InjectionPoint;
  readonly component: string;
  readonly threads?: readonly Thread[];
}

/** A deliberate fault in a backup or a restore, made by real means, that a check must catch. */
export interface Sabotage extends Described {
  /** Labels of the backup paths that it can ruin, such as `restic` or `pg-dump plain`; all of the component's when left out. */
  readonly paths?: readonly string[];
  /** Why it cannot ruin the others. */
  readonly otherwise?: string;
  /** The only substrates where it can be done, and why. */
  readonly only?: { readonly substrates: readonly string[]; readonly why: string };
  /** Other components that must be backed up beside it. */
  readonly needs?: readonly string[];
  /** Any of these may catch it; together they must name everything that was harmed. */
  readonly expects: readonly Catcher[];
  /** It ruins the disk, the network or a server: a failure that blames these, and not the backup, has caught it. */
  readonly ruinsSurroundings?: boolean;
  /** What both the ruined drill and its healthy twin are changed to, such as a tighter objective. */
  prepare?(drill: Drill): Drill;
  /** The same drill, ruined. Checks stay as they are: a judge does not know that it is tested. */
  ruin(drill: Drill, fault: SabotageContext): Drill | Promise<Drill>;
  /** The substrate itself, ruined: what hands out the places that a restore goes to. */
  meddle?(substrate: Substrate, fault: SabotageContext): Substrate;
}

/** A failure of real life that no drill can have before there is a path for it. */
export interface AwaitedSabotage extends Described {
  readonly threads: readonly Thread[];
  /** The path, or the ability, that it waits for. */
  readonly waitsFor: string;
}

export type AnySabotage = Sabotage | AwaitedSabotage;

/** Whether a sabotage can be done today. */
export function isReady(sabotage: AnySabotage): sabotage is Sabotage {
  return 'ruin' in sabotage;
}

/** Gives a sabotage its type. */
export function defineSabotage<Kind extends AnySabotage>(sabotage: Kind): Kind {
  return sabotage;
}
