import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Runbook } from '../../../reports/runbook/runbook.ts';
import { Workplace } from '../testing/workplace.ts';

async function runbook(place: Workplace, ...args: string[]): Promise<Runbook> {
  const { exitCode, stdout, stderr } = await place.run(['runbook', 'notes', '--json', ...args]);
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout) as Runbook;
}

describe('drill runbook', () => {
  it('prints every command of the restore in order, with its time, and no secret', async () => {
    using place = new Workplace();
    expect((await place.run(['notes'])).exitCode).toBe(0);
    const { stdout } = await place.run(['runbook', 'notes']);
    expect(stdout).toMatch(/^# Restore notes\n\n\*\*PROVED/);
    const told = await runbook(place, '--run', place.runs()[0] ?? '');
    const words = told.steps.map(({ title }) => title.replace(/[: ].*/, ''));
    expect(words).toEqual([
      ...['library.restore', 'library.restore', 'library.restore', 'library.restore'],
      ...['Start', 'database.restore', 'database.restore'],
    ]);
    const [load] = told.steps.slice(-1);
    expect(load).toMatchObject({ ok: true, exitCode: 0, seconds: expect.any(Number) });
    expect(load?.command).toMatch(
      /^PGHOST="\$PGHOST" [\s\S]*PGPASSWORD="\$PGPASSWORD" [\s\S]*pg_restore .*"\$SCRATCH"\/database/,
    );
    expect(told.steps.map(({ command }) => command).join('\n')).not.toContain(place.work);
    expect(told.variables).toContainEqual(expect.objectContaining({ name: 'RCLONE_S3_SECRET_ACCESS_KEY', was: '' }));
    expect(told.variables.map(({ name }) => name)).toEqual(expect.arrayContaining(['LIBRARY_RESTORED', 'S3_ENDPOINT']));
  });

  it('lists objectives that were missed and a step that failed as fixes, and does not call that proved', async () => {
    using place = new Workplace();
    await place.run(['notes', '--rto', '1ms']);
    expect((await runbook(place)).fixes).toContainEqual(expect.stringMatching(/^the overall RTO was .*objective/));
    const broken = join(place.folder, 'tar');
    writeFileSync(broken, '#!/bin/sh\ncase "$*" in *--extract*) exit 3 ;; esac\nexec tar "$@"\n');
    chmodSync(broken, 0o755);
    expect((await place.run(['notes'], { env: { DRILL_TOOL_TAR: broken } })).exitCode).toBe(1);
    const told = await runbook(place);
    const failed = told.steps.find(({ ok }) => !ok);
    expect(failed).toMatchObject({ exitCode: 3, command: expect.stringMatching(/^tar --extract/) });
    expect(told.fixes).toContainEqual(expect.stringMatching(/^tar of library\.restore ended with exit code 3/));
    expect((await place.run(['runbook', 'notes'])).stdout).toMatch(/NOT PROVED[\s\S]*FAILED with exit code 3/);
  });

  it('shows of a killed run what it had done', async () => {
    using place = new Workplace();
    const child = place.start(['notes']);
    await place.journalUntil(({ event, phase }) => event === 'phase-started' && phase === 'observe');
    child.kill('SIGKILL');
    await child;
    expect(await runbook(place)).toMatchObject({ fixes: [expect.stringMatching(/cut off/)], rtoSeconds: null });
    await place.run(['gc']);
  });

  it.each([
    ['a drill that never ran', ['runbook', 'other'], /No completed restore of "other"/],
    ['a run that is none', ['runbook', 'notes', '--run', 'no'], /There is no run "no"/],
  ])('%s is told in one line', async (_, args, expected) => {
    using place = new Workplace();
    const { exitCode, stdout, stderr } = await place.run(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
    expect(stderr).toMatch(expected);
  });
});
