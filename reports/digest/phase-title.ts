import type { Phase } from '../../harness/model/result.ts';

const TITLES: Readonly<Partial<Record<Phase, string>>> = {
  sweep: 'clean up leftovers',
  backup: 'back up',
  'write-after': 'late writes',
  strike: 'destroy',
  'prove-gone': 'verify gone',
  observe: 'read back',
  judge: 'verify',
  dispose: 'clean up',
};

/** A phase as people call it; its name where that says the same. */
export function phaseTitle(phase: Phase): string {
  return TITLES[phase] ?? phase;
}
