import type { RunResult } from '../../model/result.ts';
import type { RandomFault } from '../../model/sabotage-result.ts';
import { isByItself } from '../judge-cell.ts';
import { differences } from './identical.ts';

const EXIT_HARNESS = 70;

/**
 * Caught when something blames the backup; a pass must be proved by another way than by the checks that gave it. What was
 * in the way by itself has caught nothing, and has missed nothing either.
 */
export function judgeRandom(result: RunResult, component: string): Pick<RandomFault, 'outcome' | 'said'> {
  if (result.exitCode === EXIT_HARNESS)
    return {
      outcome: 'missed',
      said: `the harness broke: ${result.failures.map(({ message }) => message).join('; ')}`,
    };
  if (result.verdict === 'pass') return provedIdentical(result, component);
  const failed = result.checks
    .filter(({ verdict }) => verdict === 'fail')
    .map((one) => `${one.name} of ${one.component}`);
  const told = result.failures.filter((one) => !isAccident(one));
  const by = [...told.map((one) => [one.phase, one.component ?? []].flat().join(' of ')), ...failed];
  if (by.length > 0) return { outcome: 'caught', said: by.join(', ') };
  if (result.failures.length === 0) return { outcome: 'missed', said: 'no check failed' };
  return {
    outcome: 'inconclusive',
    said: result.failures.map(({ code, message }) => `${code}: ${message}`).join('; '),
  };
}

/** Ended by somebody, or by the machine: a ruined object cannot do that. */
function isAccident(failure: RunResult['failures'][number]): boolean {
  return isByItself(failure) || ['interrupted', 'usage'].includes(failure.verdict) || failure.code === 'service-lost';
}

function provedIdentical(result: RunResult, component: string): Pick<RandomFault, 'outcome' | 'said'> {
  const differing = differences(result.run.folder, component);
  if (differing.length === 0) return { outcome: 'identical', said: 'all that was restored is what had been there' };
  return { outcome: 'missed', said: `the run passed, and these differ: ${differing.slice(0, 5).join(', ')}` };
}
