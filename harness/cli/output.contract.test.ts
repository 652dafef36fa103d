import { spawn } from 'node:child_process';
import { openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Workplace } from './testing/workplace.ts';

const MAIN = join(import.meta.dirname, 'main.ts');

function environment(place: Workplace): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DRILL_RUNS: join(place.folder, 'runs'),
    DRILL_WORK: place.work,
    DRILL_STATE: join(place.folder, 'state'),
  };
}

/** Runs the command with a pipe of which nobody reads more than the first bytes. */
async function readerGone(place: Workplace, which: 'stdout' | 'stderr'): Promise<number | null> {
  const child = spawn(process.execPath, [MAIN, 'run', 'notes'], { cwd: place.folder, env: environment(place) });
  const [closed, drained] = which === 'stdout' ? [child.stdout, child.stderr] : [child.stderr, child.stdout];
  drained.resume();
  if (which === 'stdout') closed.destroy();
  else closed.once('data', () => closed.destroy());
  return await new Promise((resolve) => child.once('exit', resolve));
}

describe('output that nobody reads', () => {
  it.each(['stdout', 'stderr'] as const)(
    'on %s does not end the run, which passes and leaves nothing',
    async (which) => {
      using place = new Workplace();
      expect(await readerGone(place, which)).toBe(0);
      expect([place.leftFolders(), place.leftProcesses()]).toEqual([[], []]);
      const [id = ''] = place.runs();
      expect(readdirSync(join(place.folder, 'runs', id))).toContain('result.json');
    },
  );

  it('as there is no room for it is told on the other stream, and is no pass', async () => {
    using place = new Workplace();
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [MAIN, 'list'], {
      ...{ cwd: place.folder, env: environment(place), stdio: ['ignore', full, 'pipe'] },
    });
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    const exitCode = await new Promise((resolve) => child.once('close', resolve));
    expect(stderr).toMatch(/The output could not be written: .*(ENOSPC|no space).*Next: /);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(exitCode).toBe(70);
  });
});

describe('a result that cannot be kept', () => {
  it('is told and no pass', async () => {
    using place = new Workplace();
    // A folder where the file should be.
    place.drill(
      'notes',
      `(() => {
      const drill = smallDrill();
      const judge = () => {
        mkdirSync(join(process.env.DRILL_RUNS, readdirSync(process.env.DRILL_RUNS).find((name) => name.startsWith('notes-')), 'result.json', 'x'), { recursive: true });
        return { verdict: 'pass', expected: '', actual: '' };
      };
      return { ...drill, checks: [{ name: 'in-the-way', component: 'all', proves: 'x', judge }] };
    })();
    import { mkdirSync, readdirSync } from 'node:fs';
    import { join } from 'node:path'`,
    );
    const { exitCode, stdout, stderr } = await place.run(['run', 'notes']);
    expect(stderr).toContain('[report/json] could not be written');
    expect(stdout).toContain('UNKNOWN');
    expect(exitCode).toBe(2);
    const { stdout: line } = await place.run(['history', '--json']);
    expect(line).toContain('"verdict"');
    expect(line).not.toMatch(/"verdict": ?"pass"/);
  });
});
