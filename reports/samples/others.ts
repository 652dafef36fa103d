import type { CheckResult, RunResult } from '../../harness/model/result.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { rto } from './parts.ts';
import { passed, passedCheck, STARTED, timingsTo } from './passed.ts';

const DAY_MS = 86_400_000;
const NO_TIME = { provision: 0, fetch: 0, load: 0, ready: 0 } as const;
const NOT_MEASURED: Pick<RunResult, 'rto' | 'rpo'> = {
  rto: { seconds: null, objectiveSeconds: 7200, phases: NO_TIME, components: {} },
  rpo: { seconds: null, objectiveSeconds: 86_400, components: {} },
};

/** Another run of the same drill, some days after the one that passed. */
function later(days: number, suffix: string, run: Partial<RunResult['run']> = {}): RunResult['run'] {
  const startedAt = new Date(Date.parse(STARTED) + days * DAY_MS).toISOString();
  const id = `${startedAt.replace(/[-:]|\..*/g, '').replace('T', '-')}-immich-full-${suffix}`;
  const seconds = run.seconds ?? passed.run.seconds;
  const endedAt = new Date(Date.parse(startedAt) + seconds * 1000).toISOString();
  return { ...passed.run, ...run, id, folder: `runs/${id}`, startedAt, endedAt };
}

const { library } = rto.components;
const slow: RunResult['rto'] = {
  ...rto,
  seconds: 9004,
  phases: { ...rto.phases, fetch: 8996.2 },
  components: {
    ...rto.components,
    ...(library && { library: { ...library, seconds: 8997.7, phases: { ...library.phases, fetch: 8995.7 } } }),
  },
};

const LATE: CheckResult = {
  ...passedCheck('all', 'objectives', 'RTO and RPO are met.', 'RTO 2 h 30 min, 30 m too long.'),
  verdict: 'fail',
  expected: 'RTO of at most 2 h, RPO of at most 24 h.',
};

function changed(component: string, name: string, verdict: Verdict, change: Partial<CheckResult>): CheckResult[] {
  return passed.checks.map((check) =>
    check.component === component && check.name === name ? { ...check, verdict, ...change } : check,
  );
}

/** A run in which a flipped byte, a missing photo and another size were found. */
export const failed: RunResult = {
  ...passed,
  run: later(1, '01bc'),
  verdict: 'fail',
  exitCode: 1,
  checks: changed('library', 'files', 'fail', {
    actual: '1,609 of 1,612 files came back as recorded; 1 is missing, 2 differ.',
    findings: [
      {
        subject: 'upload/5f0c/5f/0c/IMG_0001.jpg',
        expected: 'sha256 9f86d081884c…, 61,440 bytes',
        actual: 'sha256 60303ae22b99…, 61,440 bytes',
      },
      { subject: 'upload/5f0c/77/1a/Ærø & <Sommer> | 夏.webp', expected: 'a file of 48,211 bytes', actual: 'missing' },
      { subject: 'library/user1/2024/VID_0007.mp4', expected: '1,204 bytes', actual: '0 bytes' },
    ],
    findingCount: 3,
    evidence: 'findings/library.files.ndjson',
  }).map((check) => (check.name === 'objectives' ? LATE : check)),
  timings: timingsTo('dispose', true, later(1, '').startedAt),
  rto: slow,
  kept: ['ls /tmp/drill-01bc/volumes', 'npm run drill -- gc 20260315-020000-immich-full-01bc'],
};

/** A run in which one judge could not look. */
export const unknown: RunResult = {
  ...passed,
  run: later(2, '77d0'),
  verdict: 'unknown',
  exitCode: 2,
  checks: changed('redis', 'keys', 'unknown', {
    actual: 'Redis closed the connection after 12 keys; not all were seen.',
  }),
  rpo: { ...passed.rpo, seconds: null },
  timings: timingsTo('dispose', true, later(2, '').startedAt),
};

/** A run that the harness itself broke, while it seeded. */
export const harnessFailure: RunResult = {
  ...passed,
  ...NOT_MEASURED,
  run: later(3, 'e2e2', { phaseReached: 'seed', seconds: 10.5 }),
  verdict: 'unknown',
  exitCode: 70,
  checks: [],
  failures: [
    {
      phase: 'seed',
      component: 'database',
      code: 'service-ended',
      message: '[service/postgres] seed: Postgres ended while 500 assets were written; 212 had been.',
      next: 'Look for a full disk: df -h, then drill doctor',
      tail: 'LOG:  could not write to file "pg_wal/xlogtemp.31": No space left on device\nPANIC:  terminating\n',
      verdict: 'harness',
    },
  ],
  timings: timingsTo('seed', false, later(3, '').startedAt),
  backups: [],
};

/** A run that somebody stopped with Ctrl-C while it restored. */
export const interrupted: RunResult = {
  ...passed,
  ...NOT_MEASURED,
  run: later(4, 'c0de', { phaseReached: 'restore', seconds: 24.1 }),
  verdict: 'unknown',
  exitCode: 130,
  checks: [],
  failures: [
    {
      phase: 'restore',
      code: 'interrupted',
      message: '[run] restore: stopped by SIGINT; everything that was started has been disposed of.',
      next: 'Start it again: npm run drill -- immich-full',
      tail: '',
      verdict: 'interrupted',
    },
  ],
  timings: timingsTo('restore', false, later(4, '').startedAt),
};
