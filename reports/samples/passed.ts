import { type CheckResult, DRILL_PHASES, type Phase, type RunResult, type Timing } from '../../harness/model/result.ts';
import { pathsOf, rpo, rto, tools } from './parts.ts';

/** When the sample that passed began. */
export const STARTED = '2026-03-14T02:00:00.000Z';
const PHASE_SECONDS: Readonly<Record<string, number>> = {
  preflight: 0.4,
  sweep: 0.1,
  provision: 3.2,
  seed: 6.8,
  record: 1.9,
  backup: 9.7,
  'write-after': 1.2,
  strike: 0.6,
  'prove-gone': 0.2,
  restore: 11.4,
  observe: 2.1,
  judge: 0.9,
  collect: 0.3,
  dispose: 0.8,
};

/** A check that passed. */
export function passedCheck(component: string, name: string, proves: string, actual: string): CheckResult {
  const expected = 'All of it as recorded before the disaster.';
  return { name, component, proves, verdict: 'pass', expected, actual, findings: [], findingCount: 0, evidence: '' };
}

/** The phases up to and with the last one, one after the other, with the jobs of backup and restore. */
export function timingsTo(last: Phase, ok = true, started = STARTED): Timing[] {
  let at = Date.parse(started);
  return DRILL_PHASES.slice(0, DRILL_PHASES.indexOf(last) + 1).flatMap((phase) => {
    const seconds = PHASE_SECONDS[phase] ?? 0;
    const startedAt = new Date(at).toISOString();
    at += seconds * 1000;
    const whole: Timing = { phase, name: phase, kind: 'phase', startedAt, seconds, ok: ok || phase !== last };
    return [whole, ...jobsOf(phase, Date.parse(startedAt), seconds)];
  });
}

function jobsOf(phase: Phase, from: number, seconds: number): Timing[] {
  if (phase !== 'backup' && phase !== 'restore') return [];
  const components = Object.keys(pathsOf);
  return components.map((component, index) => ({
    phase,
    name: `${component}.${phase}`,
    component,
    kind: 'job' as const,
    startedAt: new Date(from + (index * seconds * 1000) / components.length).toISOString(),
    seconds: seconds / components.length,
    ok: true,
    log: `logs/${component}.${phase}.log`,
  }));
}

const CHECKS: readonly CheckResult[] = [
  passedCheck(
    'library',
    'files',
    'Every file is back, byte for byte.',
    '1,612 of 1,612 files came back, byte for byte.',
  ),
  passedCheck(
    'library',
    'modes',
    'Modes, owners and times are kept.',
    '1,612 files and 214 folders keep mode, owner and time.',
  ),
  passedCheck('library', 'markers', 'The six .immich markers are there.', '6 of 6 markers found.'),
  passedCheck('library', 'canary-present', 'What was written before is present.', 'The canary from before is there.'),
  passedCheck('library', 'canary-absent', 'What was written after is absent.', 'The canary from after is absent.'),
  passedCheck(
    'database',
    'rows',
    'Every row of every table is back.',
    '24,318 of 24,318 rows in 61 tables are the same.',
  ),
  passedCheck(
    'database',
    'schema',
    'Indexes, keys, triggers and functions are back.',
    '612 of 612 objects of the schema are the same.',
  ),
  passedCheck('database', 'extensions', 'Extensions are installed.', '7 of 7 extensions, in the same versions.'),
  passedCheck('database', 'canary-absent', 'What was written after is absent.', 'The canary from after is absent.'),
  passedCheck('redis', 'keys', 'Every key is back.', '48 of 48 keys are the same.'),
  passedCheck('models', 'files', 'Every file is back, byte for byte.', '9 of 9 files came back, byte for byte.'),
  passedCheck('config', 'files', 'Every file is back, byte for byte.', '14 of 14 files came back, byte for byte.'),
  passedCheck(
    'config',
    'no-plain-secrets',
    'No secret went into the bucket in plain.',
    '31 objects searched for 5 secrets, none found.',
  ),
  passedCheck(
    'all',
    'rows-have-files',
    'Every row has its file.',
    '1,488 of 1,488 files that rows name exist with the same SHA-1.',
  ),
  passedCheck('all', 'no-orphans', 'Every file has its row.', 'No file without a row.'),
  passedCheck(
    'all',
    'inventory',
    'People find what they know.',
    '3 users, 462 photos, 38 videos, 6 albums, 11 people.',
  ),
  passedCheck('all', 'new-place', 'The restore went somewhere new.', '5 of 5 components have a new identity.'),
  passedCheck('all', 'freshness', 'The backup is the one of this run.', 'All 5 backups are from this run.'),
  passedCheck('all', 'objectives', 'RTO and RPO are met.', '12 s of 2 h, 1.9 s of 24 h.'),
];

/** A run of `immich-full` in which everything came back. */
export const passed: RunResult = {
  schemaVersion: 1,
  run: {
    id: '20260314-020000-immich-full-7f3a',
    startedAt: STARTED,
    endedAt: '2026-03-14T02:00:39.600Z',
    seconds: 39.6,
    phaseReached: 'dispose',
    folder: 'runs/20260314-020000-immich-full-7f3a',
  },
  drill: {
    name: 'immich-full',
    claim: 'Immich is restored completely: every photo, every row, every setting.',
    disaster: 'lose-everything',
    substrate: 'local',
    workload: { name: 'immich', version: '3.1.0', scale: { assets: 500, users: 3, seed: 1, photoKib: 60 } },
    paths: pathsOf,
  },
  verdict: 'pass',
  exitCode: 0,
  checks: CHECKS,
  rto,
  rpo,
  notTested: [
    { what: 'The Immich server itself', why: 'No server was started; its data was judged in its place.' },
    { what: 'Vector search', why: 'The server has no pgvector; vectors were kept as real[].' },
    { what: 'thumbs, encoded-video', why: 'Immich makes them again; the path leaves them out.' },
  ],
  failures: [],
  timings: timingsTo('dispose'),
  backups: Object.entries(pathsOf).map(([component, path], index) => ({
    path: path.name,
    component,
    id: `${component}-4f1c09a${index}`,
    startedAt: '2026-03-14T02:00:12.400Z',
    endedAt: '2026-03-14T02:00:14.300Z',
    tools: tools.slice(index % 3, (index % 3) + 1).map(({ program, version }) => ({ program, version })),
    objects: [{ key: `${component}/backup-${index}`, sizeBytes: 31_457_280 >> (index * 2), sha256: 'ab'.repeat(32) }],
    details: { files: 1612 },
  })),
  facts: { vectors: 'real[]', photos: 462, videos: 38 },
  tools,
  host: {
    os: 'Debian GNU/Linux 12',
    cpu: 'Example CPU @ 2.40 GHz',
    cores: 2,
    memoryBytes: 8_589_934_592,
    node: 'v24.21.0',
    freeDiskBytes: 64_424_509_440,
  },
  kept: [],
};
