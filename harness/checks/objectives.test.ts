import { describe, expect, it } from 'vitest';
import type { RpoReport, RtoReport } from '../model/result.ts';
import { objectives } from './objectives.ts';
import { healthyEvidence } from './testing/healthy-evidence.ts';
import { judged, subjects } from './testing/verdict-of.ts';

const PHASES = { provision: 0, fetch: 0, load: 0, ready: 0 };

function rto(seconds: number | null, objectiveSeconds: number | null, library: number | null): RtoReport {
  const components = { library: { seconds: library, objectiveSeconds: 60, phases: PHASES } };
  return { seconds, objectiveSeconds, phases: PHASES, components };
}

function rpo(seconds: number | null, objectiveSeconds: number | null): RpoReport {
  return { seconds, objectiveSeconds, components: { library: { seconds, objectiveSeconds: null } } };
}

describe('objectives', () => {
  it('passes the healthy twin, which may also have no objectives', async () => {
    expect((await judged(objectives(), healthyEvidence())).actual).toBe('no objective was set');
    const met = await judged(objectives(), healthyEvidence(), { rto: rto(90, 90, 60), rpo: rpo(10, 3_600) });
    expect(met).toMatchObject({ verdict: 'pass', actual: '3 objectives, 0 missed' });
  });

  it('names each objective that was missed', async () => {
    const missed = await judged(objectives(), healthyEvidence(), { rto: rto(91, 90, 61), rpo: rpo(3_601, 3_600) });
    expect(missed.verdict).toBe('fail');
    expect(subjects(missed)).toEqual(['RTO', 'RTO of library', 'RPO']);
  });

  it('is unknown when something with an objective was not measured', async () => {
    const unmeasured = await judged(objectives(), healthyEvidence(), { rto: rto(10, 90, null), rpo: rpo(null, 60) });
    expect(unmeasured).toMatchObject({ verdict: 'unknown' });
    expect(unmeasured.actual).toContain('RTO of library was not measured, RPO was not measured');
  });
});
