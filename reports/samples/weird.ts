import type { RunResult } from '../../harness/model/result.ts';
import { passed } from './passed.ts';

/** Text that breaks formats: markup, quotes, pipes, ANSI, control characters, a lone surrogate, wide and joined characters. */
export const WEIRD_TEXT =
  '夏 <b>&amp;</b> "q" \'s\' | `t` \u001b[31mred\u001b[0m \u0000\u0007\u000b\uFFFE \uD800 ]]> </script> 👩‍👩‍👧 \\n "\n" \u202E# *x* $(id) {a="b"}';

/** A result with text of that kind wherever there is text. */
export const weird: RunResult = {
  ...passed,
  run: { ...passed.run, id: `run ${WEIRD_TEXT}`, startedAt: 'no time', endedAt: '', seconds: Number.NaN },
  drill: {
    ...passed.drill,
    name: `../${WEIRD_TEXT}`,
    claim: WEIRD_TEXT,
    disaster: WEIRD_TEXT,
    paths: { [WEIRD_TEXT]: { name: WEIRD_TEXT, options: { [WEIRD_TEXT]: [WEIRD_TEXT] } } },
  },
  verdict: 'fail',
  exitCode: 1,
  checks: [
    {
      name: WEIRD_TEXT,
      component: WEIRD_TEXT,
      proves: WEIRD_TEXT,
      verdict: 'fail',
      expected: WEIRD_TEXT,
      actual: WEIRD_TEXT,
      findings: [{ subject: WEIRD_TEXT, expected: '', actual: WEIRD_TEXT }],
      findingCount: 1_000_000,
      evidence: `../../${WEIRD_TEXT}`,
    },
  ],
  rto: {
    seconds: Number.POSITIVE_INFINITY,
    objectiveSeconds: 0,
    phases: { provision: 0, fetch: Number.NaN, load: 0, ready: 0 },
    components: {
      [WEIRD_TEXT]: { seconds: null, objectiveSeconds: null, phases: { provision: 0, fetch: 0, load: 0, ready: 0 } },
    },
  },
  rpo: { seconds: null, objectiveSeconds: null, components: { [WEIRD_TEXT]: { seconds: null, objectiveSeconds: 1 } } },
  notTested: [{ what: WEIRD_TEXT, why: WEIRD_TEXT }],
  failures: [
    {
      phase: 'dispose',
      component: WEIRD_TEXT,
      code: WEIRD_TEXT,
      message: WEIRD_TEXT,
      next: WEIRD_TEXT,
      tail: WEIRD_TEXT.repeat(20),
      verdict: 'harness',
    },
  ],
  timings: [
    { phase: 'seed', name: WEIRD_TEXT, kind: 'job', startedAt: 'no time', seconds: Number.NaN, ok: false, log: '../x' },
  ],
  facts: { [WEIRD_TEXT]: WEIRD_TEXT },
  tools: [{ program: WEIRD_TEXT, version: WEIRD_TEXT, source: '', location: '' }],
  host: null,
  kept: [WEIRD_TEXT],
};

/** A result in which every list is empty and nothing was measured. */
export const empty: RunResult = {
  ...passed,
  run: { id: '', startedAt: '', endedAt: '', seconds: 0, phaseReached: 'preflight', folder: '' },
  drill: {
    name: '',
    claim: '',
    disaster: '',
    substrate: '',
    workload: { name: '', version: '', scale: {} },
    paths: {},
  },
  verdict: 'unknown',
  exitCode: 2,
  checks: [],
  rto: { seconds: null, objectiveSeconds: null, phases: { provision: 0, fetch: 0, load: 0, ready: 0 }, components: {} },
  rpo: { seconds: null, objectiveSeconds: null, components: {} },
  notTested: [],
  failures: [],
  timings: [],
  backups: [],
  facts: {},
  tools: [],
  host: null,
  kept: [],
};
