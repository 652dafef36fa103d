import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult } from '../../harness/model/result.ts';
import { FileHistory } from '../history/file-store.ts';
import { type RunSummary, summaryOf } from '../history/run-summary.ts';
import type { Signer } from '../history/signature.ts';
import { samples } from './samples.ts';

/** The summary of a sample run that ended then, with changes. */
export function sampleSummary(
  endedAt: Date,
  { result = samples.passed, ...changes }: Partial<RunSummary> & { result?: RunResult } = {},
): RunSummary {
  const summary = summaryOf(result, { resultSha256: 'ab'.repeat(32) });
  const { seconds } = summary.run;
  const startedAt = new Date(endedAt.getTime() - (Number.isFinite(seconds) ? seconds : 0) * 1000);
  const stamp = startedAt.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const id = `${changes.drill ?? summary.drill}-${stamp}-7f3a`;
  const run = { id, startedAt: startedAt.toISOString(), endedAt: endedAt.toISOString(), seconds, folder: `runs/${id}` };
  return { ...summary, run, ...changes };
}

/** A history in a folder of its own, written by the writer of the product. */
export class SampleHistory implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'drill-history-'));
  readonly store: FileHistory;

  constructor(signer?: Signer) {
    this.store = new FileHistory(this.folder, (_file, work) => work(), signer);
  }

  get file(): string {
    return this.store.location;
  }

  /** Adds runs, one after the other. */
  async add(...summaries: RunSummary[]): Promise<this> {
    for (const summary of summaries) await this.store.append(summary);
    return this;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
