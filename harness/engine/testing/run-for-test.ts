import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocal } from '../../cli/open-substrate.ts';
import { loseEverything } from '../../disasters/lose-everything.ts';
import type { Drill } from '../../model/drill.ts';
import type { Phase, RunResult } from '../../model/result.ts';
import type { Workload } from '../../model/workload.ts';
import { pgDump } from '../../paths/pg-dump.ts';
import { tar } from '../../paths/tar.ts';
import { runDrill } from '../engine.ts';
import type { RunListener } from '../run.ts';
import { notes } from './notes.ts';

/** A small healthy drill, with changes. */
export function smallDrill(changes: Partial<Drill> = {}): Drill {
  return {
    name: 'notes',
    claim: 'notes come back',
    workload: notes(),
    paths: { library: tar(), database: pgDump() },
    disaster: loseEverything(),
    objectives: { rto: '1h', rpo: '1h' },
    ...changes,
  };
}

/** The same drill with a workload that says to need no disk, for disks that fill up while it runs. */
export function withoutEstimate(drill: Drill): Drill {
  const shrunk = (workload: Workload): Workload => ({
    ...workload,
    estimate: () => ({ sizeBytes: 0, files: 0 }),
    resized: (scale) => shrunk(workload.resized(scale)),
  });
  return { ...drill, workload: shrunk(drill.workload) };
}

/** What a test may do while a run goes on. */
export interface Meddling {
  readonly signal?: AbortSignal;
  /** Called when a phase begins; what it does is over before the phase's own work. */
  readonly onPhase?: (phase: Phase) => void;
}

/** Runs a drill on this machine and removes its run folder; `look` may read it before. */
export async function runForTest(
  drill: Drill,
  { signal = new AbortController().signal, onPhase = () => {} }: Meddling = {},
  look: (result: RunResult) => void | Promise<void> = () => {},
): Promise<RunResult> {
  const runsFolder = mkdtempSync(join(tmpdir(), 'drill-runs-'));
  const listener: RunListener = { phaseStarted: onPhase, phaseEnded: () => {}, step: () => {} };
  try {
    const openSubstrate = openLocal({ s3: 'versitygw', onNote: () => {} });
    const result = await runDrill(drill, { runsFolder, keep: 'never', signal, listener, openSubstrate });
    await look(result);
    return result;
  } finally {
    rmSync(runsFolder, { recursive: true, force: true });
  }
}

/** The checks that did not pass, as `name: verdict`. */
export function complaints(result: RunResult): string[] {
  return result.checks.filter(({ verdict }) => verdict !== 'pass').map(({ name, verdict }) => `${name}: ${verdict}`);
}
