import type { z } from 'zod';
import type { Batches, Rehearsal, UpgradeRehearsal } from '../../model/drill.ts';
import type { ResumableRun } from '../batches/resumable-run.ts';
import type { OwnSabotages } from '../sabotage/own-sabotage.ts';
import type { CommonConfig } from './config-fields.ts';
import type { PlaceConfig } from './place-config.ts';

/** What the last run of a drill that passed has counted, by the names of the workload. */
export interface LastPassed {
  readonly run: string;
  /** When that run began, as an ISO time. */
  readonly startedAt?: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** Which version to go to, and how long it may take until it serves. */
export interface UpgradeTo {
  readonly image: string;
  readonly budgetMs: number;
}

/** How files are to be restored in batches, as far as the command line says. */
export type BatchesAsked = Omit<Batches, 'component' | 'maxFiles'> & { readonly maxFiles?: number };

/**
 * How backups of one workload are described and drilled. `workloads/<name>/existing.ts` exports it as `existing`, and by
 * that folder it is found. What a workload has no way to do is left out.
 */
export interface ExistingWorkload<Config extends CommonConfig = CommonConfig> {
  /** The shape of a drill in the configuration; `workload` is the name of the folder, and unknown keys are errors. */
  readonly schema: z.ZodType<Config>;
  /** Where the backup of each component lies. */
  placesOf(config: Config): Readonly<Record<string, PlaceConfig | undefined>>;
  /** The drill of all of it. */
  rehearsalOf(name: string, config: Config, last?: LastPassed): Rehearsal;
  /** The drill that gets one thing back, by its id or any. */
  oneOf?(name: string, config: Config, id: string | undefined): Rehearsal;
  /** The drill whose files come and go in batches. */
  inBatches?(name: string, config: Config, last: LastPassed | undefined, asked: BatchesAsked): Rehearsal;
  /** The configuration with the very backups that a run in batches began with: newer ones may be there by now. */
  pinned?(config: Config, run: ResumableRun): Config;
  /** The drill that starts a newer version on what was restored. */
  upgradeOf?(name: string, config: Config, to: UpgradeTo): UpgradeRehearsal;
  /** The version that a server at an address says it is; throws a `DrillError` when it does not say. */
  installedVersionAt?(url: string): Promise<string>;
  /** How a copy of a backup is ruined on purpose, to see what a drill of it would notice. */
  readonly sabotages?: OwnSabotages<Config>;
}

/** A drill of a configuration file, and who knows what it means. */
export interface OwnDrill {
  readonly config: CommonConfig;
  readonly plugIn: ExistingWorkload;
}
