import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocal } from '../cli/open-substrate.ts';
import { publish } from '../cli/publish.ts';
import { runsFolder } from '../cli/run-store.ts';
import { runDrill } from '../engine/engine.ts';
import { validateDrill } from '../engine/validate-drill.ts';
import type { Drill } from '../model/drill.ts';
import { DRILL_PHASES, type Phase, type RunResult } from '../model/result.ts';

const HOUR_MS = 3_600_000;

/** How a drill runs as a suite. */
export interface DescribeDrillOptions {
  /** How long the whole drill may take, in milliseconds. */
  readonly timeoutMs?: number;
}

/** Runs a drill as a vitest suite, in which each phase and each check is a test: for teams that keep theirs in one place. */
export function describeDrill(drill: Drill, { timeoutMs = HOUR_MS }: DescribeDrillOptions = {}): void {
  const valid = validateDrill(drill, drill.name);
  describe(`drill ${drill.name}`, () => {
    let result: RunResult | undefined;
    const stop = new AbortController();
    const done = () => {
      if (!result) throw new Error('the drill did not come to a result');
      return result;
    };
    beforeAll(async () => {
      result = await runDrill(valid, {
        runsFolder: runsFolder(),
        keep: 'never',
        signal: stop.signal,
        listener: { phaseStarted: () => {}, phaseEnded: () => {}, step: () => {} },
        openSubstrate: openLocal({ s3: 'versitygw', onNote: () => {} }),
      });
      result = (await publish(result)).result;
    }, timeoutMs);
    // A suite that is given up must not leave its servers behind.
    afterAll(() => stop.abort());

    it.each([...DRILL_PHASES])('phase %s', (phase: Phase) => {
      expect(done().failures.filter((failure) => failure.phase === phase)).toEqual([]);
      expect(done().timings.some((timing) => timing.kind === 'phase' && timing.phase === phase)).toBe(true);
    });

    it.each(checksOf(valid))('%s: %s', (component, name) => {
      const check = done().checks.find((one) => one.component === component && one.name === name);
      expect(check?.verdict, check?.actual).toBe('pass');
      expect(check?.findings).toEqual([]);
    });

    it('passes as a whole', () => {
      expect(done().verdict).toBe('pass');
    });
  });
}

function checksOf({ workload, checks = [] }: Drill): [string, string][] {
  return [...workload.checks, ...checks].map(({ component, name }) => [component, name]);
}
