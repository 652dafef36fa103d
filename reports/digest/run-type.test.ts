import { expect, it } from 'vitest';
import type { RunResult, RunType } from '../../harness/model/result.ts';
import { samples } from '../samples/samples.ts';
import { runTypeOf } from './run-type.ts';

function told(disaster: string, type?: RunType): RunResult {
  const { run, drill } = samples.passed;
  return { ...samples.passed, run: { ...run, ...(type && { type }) }, drill: { ...drill, disaster } };
}

it('is what the run says, whatever its disaster is called', () => {
  expect(runTypeOf(told('lose-everything', 'drill'))).toBe('drill');
  expect(runTypeOf(told('rehearsal', 'upgrade'))).toBe('upgrade');
});

it('is told by the disaster where a result of old does not say it', () => {
  expect(['lose-everything', 'rehearsal', 'upgrade'].map((disaster) => runTypeOf(told(disaster)))).toEqual([
    'drill',
    'rehearsal',
    'upgrade',
  ]);
});
