import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { unusedSegments } from '../machine/processes/shared-memory.ts';
import type { RunResult } from '../model/result.ts';
import { Workplace } from './testing/workplace.ts';

describe('drill', () => {
  it('runs a drill by its name alone, shows it, and lists it', async () => {
    using place = new Workplace();
    const { exitCode, stdout, stderr } = await place.run(['notes']);
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/PASS/);
    expect(stderr).toMatch(/ok +restore/);
    const [id] = place.runs();
    expect((await place.run(['runs'])).stdout).toMatch(new RegExp(`${id} +pass`));
    expect((await place.run(['show'])).stdout).toContain(id);
    expect((await place.run(['show', '--log', 'library.restore'])).stdout).toMatch(/^\$ .*\n/);
    // Clusters of others may be there: of this run nothing is.
    expect((await place.run(['gc'])).stdout).not.toContain(id);
    expect(place.leftFolders()).toEqual([]);
  });

  it('prints nothing but the result with --json, and takes objectives and sizes', async () => {
    using place = new Workplace();
    const { exitCode, stdout } = await place.run(['run', 'notes', '--json', '--assets', '5', '--rto', '1ms']);
    const result = JSON.parse(stdout) as RunResult;
    expect(exitCode).toBe(1);
    expect(result).toMatchObject({
      verdict: 'fail',
      exitCode: 1,
      rto: { objectiveSeconds: 0.001 },
      facts: { notes: 5 },
    });
  });

  it('protects only what it is told to, and says so', async () => {
    using place = new Workplace();
    const { exitCode, stdout } = await place.run(['notes', '--only', 'database', '--json']);
    const result = JSON.parse(stdout) as RunResult;
    expect(exitCode).toBe(0);
    expect(Object.keys(result.rto.components)).toEqual(['database']);
    expect(result.notTested.map(({ what }) => what)).toContain('library');
  });

  it('keeps what was restored when asked, says how to look and how to clean up, and that works', async () => {
    using place = new Workplace();
    const { stdout } = await place.run(['notes', '--keep', 'always', '--json']);
    const { kept, run } = JSON.parse(stdout) as RunResult;
    expect(kept.join('\n')).toContain(`gc --kept ${run.id}`);
    const look = await execa('sh', ['-c', kept[0] ?? 'false'], { reject: false });
    expect(look.stdout).toMatch(/library-restored/);
    expect((await place.run(['gc'])).stdout).toMatch(/kept.*left alone/);
    expect((await place.run(['gc', '--kept', run.id])).stdout).toMatch(/removed/);
    expect(place.leftFolders()).toEqual([]);
  });
});

describe('what is wrong with the call', () => {
  it.each([
    ['an unknown drill', ['notess'], /There is no drill "notess".*choose one of:.*notes/s],
    ['an unknown option', ['run', 'notes', '--asets', '5'], /unknown option '--asets'.*Did you mean --assets/s],
    ['a number that is none', ['notes', '--assets', 'many'], /whole number/],
    ['a duration that is none', ['notes', '--rto', 'soon'], /duration/],
    ['a component that is none', ['notes', '--only', 'photos'], /protects no component "photos".*library, database/s],
    ['a substrate that is none', ['notes', '--on', 'moon'], /Allowed choices are local/],
    ['a typo in the objectives', ['typo'], /objectives.*rtoo/],
    ['a run that is none', ['show', 'nothing'], /There is no run "nothing"/],
  ])('%s is told in one line and starts nothing', async (_, args, expected) => {
    using place = new Workplace();
    place.drill('typo', `({ ...smallDrill(), objectives: { rtoo: '2h' } })`);
    const { exitCode, stderr, stdout } = await place.run(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
    expect(stderr).toMatch(expected);
    expect(place.runs()).toEqual([]);
  });
});

describe('a run that is stopped', () => {
  it.each(['provision', 'backup', 'restore'])('by Ctrl-C in %s disposes of everything and exits 130', async (phase) => {
    using place = new Workplace();
    const child = place.start(['notes']);
    await place.journalUntil(({ event, phase: now }) => event === 'phase-started' && now === phase);
    child.kill('SIGINT');
    const { exitCode, stderr } = await child;
    expect(exitCode, String(stderr)).toBe(130);
    expect({ folders: place.leftFolders(), processes: place.leftProcesses() }).toEqual({ folders: [], processes: [] });
    expect((await place.run(['show'])).stdout).toMatch(/interrupted/i);
  });

  // At night hundreds of kills at random meet the phases between them.
  it.each(['provision', 'backup', 'restore', 'dispose'])(
    'by kill -9 in %s leaves a journal that explains it, and drill gc removes the rest',
    async (phase) => {
      using place = new Workplace();
      const child = place.start(['notes']);
      await place.journalUntil(({ event, phase: now }) => event === 'phase-started' && now === phase);
      child.kill('SIGKILL');
      await child;
      const shown = (await place.run(['show'])).stdout;
      expect(shown).toMatch(/was killed|still goes on/);
      expect(shown).toMatch(/counts as unknown/);
      const segments = place.sharedMemory();
      const { exitCode, stdout } = await place.run(['gc']);
      expect(exitCode, stdout).toBe(0);
      const unused = unusedSegments();
      expect(segments.filter((key) => unused.has(key))).toEqual([]);
      expect({ folders: place.leftFolders(), processes: place.leftProcesses() }).toEqual({
        folders: [],
        processes: [],
      });
    },
  );
});

describe('a run whose surroundings break', () => {
  it.each([
    ['database', 'the database server'],
    ['versitygw', 'the S3 server'],
  ])('because %s is killed is unknown, names it, and leaves nothing', async (name) => {
    using place = new Workplace();
    const child = place.start(['notes']);
    await place.journalUntil(({ event, phase }) => event === 'phase-started' && phase === 'backup');
    process.kill(place.processOf(name), 'SIGKILL');
    const { exitCode, stdout, stderr } = await child;
    expect(exitCode, `${stdout}${stderr}`).toBe(2);
    expect(stdout).toMatch(new RegExp(`${name}\\s+ended\\s+by\\s+SIGKILL`));
    expect({ folders: place.leftFolders(), processes: place.leftProcesses() }).toEqual({ folders: [], processes: [] });
  });

  it.skipIf(process.getuid?.() !== 0).each([
    ['while a server is made', 30, { phase: 'provision', code: 'initdb-failed' }],
    ['while files are written', 80, { phase: 'seed', code: 'disk-full' }],
  ])('because the disk fills up %s is unknown, says so, and leaves nothing', async (_, sizeMib, failure) => {
    using folder = new Workplace();
    const small = join(folder.folder, 'small');
    mkdirSync(small);
    await execa('mount', ['-t', 'tmpfs', '-o', `size=${sizeMib}m`, 'tmpfs', small]);
    try {
      using place = new Workplace(small);
      place.drill('notes', 'withoutEstimate(smallDrill())');
      const { exitCode, stdout } = await place.run(['notes', '--assets', '7000', '--json']);
      const { failures } = JSON.parse(stdout) as RunResult;
      expect({ exitCode, failures }).toMatchObject({ exitCode: 2, failures: [failure] });
      expect(failures[0]?.message).toMatch(/space|full disk/);
      expect({ folders: place.leftFolders(), processes: place.leftProcesses() }).toEqual({
        folders: [],
        processes: [],
      });
    } finally {
      await execa('umount', [small]);
      rmSync(small, { recursive: true, force: true });
    }
  });

  it('because there is no disk from the beginning does not start', async () => {
    using place = new Workplace();
    const { exitCode, stdout } = await place.run(['notes', '--assets', '2000000000']);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/needs about .* GiB of disk/);
    expect(place.leftFolders()).toEqual([]);
  });
});
