import type { RunResult, RunType } from '../../harness/model/result.ts';

/** What sort of run it was; older results tell by the name of a disaster that never was. */
export function runTypeOf({ run, drill }: RunResult): RunType {
  if (run.type) return run.type;
  return drill.disaster === 'rehearsal' || drill.disaster === 'upgrade' ? drill.disaster : 'drill';
}
