import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pMap from 'p-map';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderJson } from '../../reports/json.ts';
import { SampleHistory, sampleSummary } from '../../reports/samples/history.ts';
import { samples } from '../../reports/samples/samples.ts';
import { damageResult, RESULTS } from './testing/damaged-results.ts';
import { Workplace } from './testing/workplace.ts';

const STACK = /^\s+at .*(:\d+:\d+|node:internal)/m;

function addRun(place: Workplace, id: string, verdict = samples.passed): string {
  const folder = join(place.folder, 'runs', id);
  mkdirSync(folder, { recursive: true });
  const line = { at: '2026-03-14T02:00:00Z', event: 'run', drill: 'notes', claim: 'c' };
  writeFileSync(join(folder, 'journal.jsonl'), `${JSON.stringify(line)}\n{"at":"cut`);
  writeFileSync(join(folder, 'result.json'), renderJson({ ...verdict, run: { ...verdict.run, id } }));
  return folder;
}

describe('runs whose results are damaged', () => {
  const place = new Workplace();
  const healthy = 'notes-20260314-020000-0a0a';
  const damaged = Object.keys(RESULTS).map((what, index) => ({
    what,
    id: `notes-20260315-0200${String(index).padStart(2, '0')}-0b0b`,
  }));
  beforeAll(() => {
    addRun(place, healthy);
    for (const { what, id } of damaged) damageResult(addRun(place, id), RESULTS[what] ?? (() => {}));
    return () => place[Symbol.dispose]();
  });

  it('are lines of the list, and the others are listed as ever', async () => {
    const { exitCode, stdout, stderr } = await place.run(['runs']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^${healthy} +pass `, 'm'));
    for (const { id } of damaged)
      expect(stdout).toMatch(new RegExp(`^${id} +unknown +result\\.json is damaged: `, 'm'));
  });

  it('do not keep a healthy one from being shown', async () => {
    const { exitCode, stdout } = await place.run(['show', healthy]);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Evidence') });
  });

  it('are each told in sentences by every command that reads runs', async () => {
    for (const { what, id } of [damaged[0], damaged[7], damaged[8]].flatMap((one) => one ?? []))
      for (const args of [
        ['show', id],
        ['show', id, '--json'],
        ['resume', id],
        ['runbook', 'notes', '--run', id],
      ]) {
        const { exitCode, stdout, stderr } = await place.run(args, { timeout: 60_000 });
        expect(stdout + stderr, what).not.toMatch(STACK);
        expect([2, 64], `${args.join(' ')}: ${stderr}`).toContain(exitCode);
      }
  });

  it('end neither the runbook nor a report of all runs', async () => {
    const runbook = await place.run(['runbook', 'notes']);
    const report = await place.run(['report', '--out', join(place.folder, 'page')], { timeout: 60_000 });
    for (const { exitCode, stderr } of [runbook, report]) {
      expect(stderr).not.toMatch(STACK);
      expect([2, 64], stderr).toContain(exitCode);
    }
    expect(report.stderr).toMatch(/result\.json is damaged/);
  });
});

describe('the gate', () => {
  const now = Date.now();
  const last = sampleSummary(new Date(now - 3_600_000), { drill: 'notes' });

  async function gateOver(id: string, damage: string | undefined, result = samples.passed) {
    using place = new Workplace();
    using history = await new SampleHistory().add(last);
    const folder = addRun(place, id, result);
    if (damage !== undefined) damageResult(folder, RESULTS[damage] ?? (() => {}));
    return await place.run(['gate', '--drill', 'notes', '--history', history.folder]);
  }

  const later = `notes-${new Date(now).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)}-cccc`;

  it.each(['is empty', 'is a pipe', 'is that of another run'])(
    'stays shut when the result of a later run that nobody recorded %s',
    async (damage) => {
      const { exitCode, stdout, stderr } = await gateOver(later, damage);
      expect(exitCode, stderr).toBe(1);
      expect(stdout).toMatch(/^CLOSED: the history does not know notes-.*result\.json is damaged/);
    },
  );

  it('stays shut when a later run failed and could not be recorded, and opens when it passed', async () => {
    expect((await gateOver(later, undefined, samples.failed)).stdout).toMatch(/^CLOSED: .* it ended with fail/);
    expect((await gateOver(later, undefined)).stdout).toMatch(/^OPEN: /);
  });

  it('reads the very rehearsal that it names, and later ones that nobody recorded', async () => {
    const rehearsed = (hoursAgo: number, changes = {}) =>
      sampleSummary(new Date(now - hoursAgo * 3_600_000), {
        drill: 'notes-upgrade',
        rehearsedVersion: 'v3.2.0',
        ...changes,
      });
    const [named, other] = [rehearsed(3), rehearsed(2, { rehearsedVersion: 'v3.3.0' })];
    const gate = async (prepare: (place: Workplace) => void) => {
      using place = new Workplace();
      using history = await new SampleHistory().add(named, other, last);
      prepare(place);
      const call = ['gate', '--drill', 'notes', '--history', history.folder, '--to-version', '3.2.0'];
      return (await place.run(call)).stdout;
    };
    const unrecorded = (version: string) => {
      const facts = { ...samples.failed.facts, 'rehearsed version': version };
      return (place: Workplace) =>
        void addRun(place, later.replace('notes', 'notes-upgrade'), { ...samples.failed, facts });
    };
    expect(await gate(() => {})).toMatch(/^OPEN: /);
    // What is here is another result than the one that was recorded.
    expect(await gate((place) => void addRun(place, named.run.id))).toMatch(
      /^CLOSED: the result of notes-upgrade-.* was damaged or changed/,
    );
    expect(await gate((place) => void addRun(place, other.run.id))).toMatch(/^OPEN: /);
    expect(await gate(unrecorded('unknown'))).toMatch(/^CLOSED: the history does not know notes-upgrade-/);
    expect(await gate(unrecorded('v3.3.0'))).toMatch(/^OPEN: /);
  });

  it('and the reports stay honest when the result of the very last run was damaged since', async () => {
    expect((await gateOver(last.run.id, 'is empty')).stdout).toMatch(
      /^CLOSED: the result of .* was damaged or changed/,
    );
    using place = new Workplace();
    using history = await new SampleHistory().add(last);
    damageResult(addRun(place, last.run.id), RESULTS['is a pipe'] ?? (() => {}));
    const call = ['--history', history.folder];
    const compliance = await place.run(['compliance', ...call], { timeout: 60_000 });
    expect(compliance.stdout).toMatch(/result of .* was changed after the run/);
    for (const command of ['prometheus', 'history'])
      expect((await place.run([command, ...call])).exitCode, command).toBe(0);
  });
});

describe('targets', () => {
  it('of the wrong sort are a sentence, and 64 or 70', async () => {
    using place = new Workplace();
    using history = await new SampleHistory().add(sampleSummary(new Date()));
    const file = join(place.folder, 'file');
    writeFileSync(file, 'precious');
    const runs = join(place.folder, 'runs');
    mkdirSync(runs);
    const call = ['--history', history.folder];
    const calls: [string[], Record<string, string>][] = [
      [['prometheus', ...call, '--out', place.folder], {}],
      [['prometheus', ...call, '--out', '/dev/full'], {}],
      [['prometheus', ...call, '--out', join(file, 'below')], {}],
      [['prometheus', ...call, '--out', '/proc/nowhere/x'], {}],
      [['compliance', ...call, '--out', file], {}],
      [['report', '--out', file], {}],
      [['compliance', ...call, '--since', '9999999y'], {}],
      [['compliance', ...call, '--schedules', '/dev/zero'], {}],
      [['history', '--history', file], {}],
      [['history', ...call, '--public-key', place.folder], {}],
      [['runs'], { DRILL_RUNS: file }],
      [['runs'], { DRILL_RUNS: 'two\nlines' }],
      [['runs'], { DRILL_WORK: "it's" }],
      [['notes', '--rto', `${'9'.repeat(400)}d`], {}],
      [['notes', '--rto', '1e300h'], {}],
      [['notes', '--seed', ''], {}],
      [['toString'], {}],
      [['__proto__'], {}],
      [['constructor', '--config', file], {}],
      [['../drills/notes'], {}],
    ];
    const ends = await pMap(
      calls,
      async ([args, env]) => ({ args, ...(await place.run(args, { env, timeout: 120_000 })) }),
      {
        concurrency: 4,
      },
    );
    for (const { args, exitCode, stdout, stderr } of ends) {
      expect(stdout + stderr, args.join(' ')).not.toMatch(STACK);
      expect(stderr, args.join(' ')).not.toBe('');
      expect([2, 64, 70], `${args.join(' ')}: ${stderr}`).toContain(exitCode);
    }
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });

  it('that are relative are those of the folder that one is in', async () => {
    using place = new Workplace();
    addRun(place, 'notes-20260314-020000-0a0a');
    const { stdout } = await place.run(['runs'], { env: { DRILL_RUNS: 'runs' } });
    expect(stdout).toMatch(/^notes-.* pass/);
  });

  it('cannot be guessed from a folder that is gone', async () => {
    using place = new Workplace();
    const gone = join(place.folder, 'gone');
    mkdirSync(gone);
    const main = join(import.meta.dirname, 'main.ts');
    const { execa } = await import('execa');
    const { exitCode, stderr } = await execa(
      'sh',
      ['-c', 'cd "$1" && rmdir "$1" && exec "$2" "$3" runs', 'sh', gone, process.execPath, main],
      { reject: false },
    );
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(/^\[cli\] The folder that the command was started in is gone/);
  });

  it('among the drills that are no files, or do not load, are said and never waited for', async () => {
    using place = new Workplace();
    const { execFileSync } = await import('node:child_process');
    execFileSync('mkfifo', [join(place.folder, 'drills', 'pipe.drill.ts')]);
    writeFileSync(join(place.folder, 'drills', 'broken.drill.ts'), 'export default {{');
    for (const name of ['pipe', 'broken']) {
      const { exitCode, stderr } = await place.run([name], { timeout: 60_000 });
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 64, stderr: expect.not.stringMatching(STACK) });
    }
    const { exitCode, stdout } = await place.run(['list'], { timeout: 60_000 });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^broken +The file of the drill cannot be loaded/m);
    expect(stdout).toMatch(/^notes /m);
  });
});
