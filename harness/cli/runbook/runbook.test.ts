import { expect, it } from 'vitest';
import { passed } from '../../../reports/samples/passed.ts';
import type { JournalLine } from '../../run/journal.ts';
import { readRestore } from './read-commands.ts';
import { renderRunbook } from './render-runbook.ts';

const VOLUME = '/tmp/work/restore-drill-mine-20261121-142712-04b7/volumes/library-restored-1';
const at = '2026-11-21T14:27:12Z';

function job(name: string, phase: string, ok: boolean, commands: object[], steps?: object[]): JournalLine[] {
  const timing = { name, phase, component: 'library', kind: 'job', ok, seconds: 61 };
  return [
    { at, event: 'commands', job: name, phase, commands },
    { at, event: 'timing', timing, ...(steps && { steps }) },
  ];
}

const restore = {
  program: 'restic',
  args: ['restore', "it's:/data", '--target', VOLUME],
  env: ['RESTIC_PASSWORD', 'RESTIC_REPOSITORY=/backup'],
};
const JOURNAL = [
  ...job('library.backup', 'backup', true, [{ program: 'restic', args: ['backup'], env: [] }], [{ seconds: 1 }]),
  ...job(
    'library.restore',
    'restore',
    true,
    [restore, { program: 'sh', args: ['-c', 'ls "$1"', 'sh', VOLUME], env: [], stdout: `${VOLUME}/out.txt` }],
    [{ seconds: 60 }, { seconds: 1 }],
  ),
  ...job('library.check', 'restore', false, [{ program: 'false', args: [], env: [], cwd: VOLUME }]),
];

it('tells the commands of the restore alone, in order, with times, and with variables for the folders of the run', () => {
  const text = renderRunbook(passed, readRestore(JOURNAL));
  expect(text).toContain(`1. \`library.restore\` (1 m 01 s)`);
  expect(text).toContain(`restic restore 'it'\\''s:/data' --target $LIBRARY_RESTORED  # 1 m 00 s`);
  expect(text).toContain(`sh -c 'ls "$1"' sh $LIBRARY_RESTORED > $LIBRARY_RESTORED/out.txt  # 1.0 s`);
  expect(text).toContain('2. `library.check` (stopped after 1 m 01 s)');
  expect(text).toContain('(cd $LIBRARY_RESTORED && false)');
  expect(text).toContain('- `RESTIC_PASSWORD` (a secret) in the environment');
  expect(text).toContain('- `RESTIC_REPOSITORY=/backup` in the environment');
  expect(text).not.toContain('restic backup');
  expect(text).not.toContain('/tmp/work');
});

it('lists what has to be mended before it is a plan', () => {
  const backups = [{ ...passed.backups[0], details: { rolesMade: 'immich-app' } }] as typeof passed.backups;
  const text = renderRunbook({ ...passed, verdict: 'fail', backups }, []);
  expect(text).toContain('**Not proved (fail)**');
  expect(text).toContain('make the roles immich-app first');
});
