import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loseEverything } from '../disasters/lose-everything.ts';
import { folderNameOf, workRoot } from '../machine/work-folders/work-root.ts';
import { DrillError } from '../model/error.ts';
import type { BackupPath, Receipt } from '../model/path.ts';
import type { RunResult } from '../model/result.ts';
import type { Workload } from '../model/workload.ts';
import { pgDump } from '../paths/pg-dump.ts';
import { tar } from '../paths/tar.ts';
import { readJournal } from './journal.ts';
import { notes } from './testing/notes.ts';
import { complaints, runForTest, smallDrill } from './testing/run-for-test.ts';

const files = tar();
const dump = pgDump();

/** The real path, with something done after its restore. */
function afterRestore<Path extends BackupPath<'volume'> | BackupPath<'postgres'>>(
  path: Path,
  then: (context: Parameters<Path['restore']>[0]) => Promise<unknown>,
): Path {
  const restore = async (context: Parameters<Path['restore']>[0]) => {
    await (path.restore as (context: unknown) => Promise<void>)(context);
    await then(context);
  };
  return { ...path, restore };
}

async function fails(result: RunResult, check: string, subject: RegExp): Promise<void> {
  expect(result).toMatchObject({ verdict: 'fail', exitCode: 1 });
  const found = result.checks.find(({ name, verdict }) => name === check && verdict === 'fail');
  expect(found, `${check} among ${complaints(result).join(', ')}`).toBeDefined();
  expect(found?.findings.map(({ subject }) => subject).join('\n')).toMatch(subject);
}

describe('a healthy drill', () => {
  it('passes, leaves its evidence, and leaves nothing else', async () => {
    let work = '';
    const result = await runForTest(smallDrill(), {}, ({ run }) => {
      const events = readJournal(join(run.folder, 'journal.jsonl'));
      expect(events.filter(({ event }) => event === 'phase-ended').map(({ phase }) => phase)).toHaveLength(14);
      const struck = events.findIndex(({ event }) => event === 'struck');
      const proved = events.findIndex(({ event }) => event === 'absence');
      const restored = events.findIndex(({ event, phase }) => event === 'phase-started' && phase === 'restore');
      expect([struck < proved, proved < restored]).toEqual([true, true]);
      expect(existsSync(join(run.folder, 'evidence/after/database/rows.ndjson'))).toBe(true);
      work = join(workRoot(), folderNameOf(run.id, workRoot()));
    });
    expect(complaints(result)).toEqual([]);
    expect(result).toMatchObject({ verdict: 'pass', exitCode: 0, failures: [] });
    expect(existsSync(work)).toBe(false);
    expect(result.rto.seconds).toBeGreaterThan(0);
    expect(result.rpo.components.database?.seconds).toBeGreaterThan(0);
    expect(result.drill.paths).toMatchObject({ library: { name: 'tar' }, database: { name: 'pg-dump' } });
  });
});

describe('a database that does not come back', () => {
  it('because its dump is damaged fails by that alone, and blames nobody else', async () => {
    const damaged: BackupPath<'postgres'> = {
      ...dump,
      backup: async (context) => {
        const receipt = await dump.backup(context);
        for (const { key } of receipt.objects) await context.bucket.put(key, Buffer.from('not a dump'));
        return receipt;
      },
    };
    const result = await runForTest(smallDrill({ paths: { library: files, database: damaged } }));
    expect(result).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(result.failures).toMatchObject([{ phase: 'restore', component: 'database', code: 'job-failed' }]);
  });

  it('whole enough to answer is a fault of the backup, not of the harness', async () => {
    const emptied = afterRestore(dump, async ({ target }) => {
      await (await target.start()).query('DROP TABLE note CASCADE');
    });
    const result = await runForTest(smallDrill({ paths: { library: files, database: emptied } }));
    expect(result).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(result.failures).toMatchObject([{ phase: 'observe', component: 'database', code: 'restored-unreadable' }]);
    await fails(result, 'schema', /^table note$/m);
  });
});

describe('a path that lies', () => {
  it('by dropping a row is caught by name', async () => {
    const paths = {
      library: files,
      database: afterRestore(dump, async ({ target }) => (await target.start()).query('DELETE FROM note WHERE id = 7')),
    };
    await fails(await runForTest(smallDrill({ paths })), 'rows', /note.* 7/);
  });

  it('by losing a mode bit', async () => {
    const paths = {
      database: dump,
      library: afterRestore(files, ({ target }) => target.touch('upload/7/7.txt', { mode: 0o600 })),
    };
    await fails(await runForTest(smallDrill({ paths })), 'file-attributes', /upload\/7\/7\.txt/);
  });

  it('by giving back a backup that was made before', async () => {
    let first: Receipt | undefined;
    const stale: BackupPath<'volume'> = {
      ...files,
      backup: async (context) => {
        first ??= await files.backup(context);
        const now = new Date().toISOString();
        return { ...first, startedAt: now, endedAt: now };
      },
    };
    const result = await runForTest(smallDrill({ paths: { library: stale, database: dump }, olderSets: ['1d'] }));
    await fails(result, 'canaries', /library/);
  });

  it('by restoring into the old place', async () => {
    let old = '';
    const backwards: BackupPath<'volume'> = {
      ...files,
      backup: (context) => {
        old = context.source.path;
        return files.backup(context);
      },
      restore: async (context) => {
        await context.run({
          name: 'library.mkdir',
          volumes: [],
          steps: () => [{ program: 'mkdir', args: ['-p', old] }],
        });
        await files.restore({ ...context, target: { ...context.target, path: old } });
      },
    };
    const result = await runForTest(smallDrill({ paths: { library: backwards, database: dump } }));
    await fails(result, 'gone', /library/);
    await fails(result, 'files', /upload/);
  });

  it('by cutting the dump after its data, whatever psql says', async () => {
    const plain = pgDump({ format: 'plain' });
    const cut: BackupPath<'postgres'> = {
      ...plain,
      restore: (context) =>
        plain.restore({
          ...context,
          run: (job) =>
            context.run({
              ...job,
              steps: (scratch) =>
                job.steps(scratch).flatMap((step) =>
                  step.program === 'psql'
                    ? [
                        {
                          program: 'sh',
                          args: [
                            '-c',
                            `sed -i '/ADD CONSTRAINT/,$d' ${scratch}/database.sql && sed -i '$d' ${scratch}/database.sql`,
                          ],
                        },
                        step,
                      ]
                    : [step],
                ),
            }),
        }),
    };
    const result = await runForTest(smallDrill({ paths: { library: files, database: cut } }));
    expect(result.failures).toEqual([]);
    await fails(result, 'schema', /note_body_idx/);
  });

  it('by failing at its restore: the others are judged all the same', async () => {
    const broken: BackupPath<'volume'> = {
      ...files,
      restore: async () => {
        throw new DrillError({ code: 'x', where: 'path/tar', what: 'It broke.', next: 'mend it.', blame: 'backup' });
      },
    };
    const result = await runForTest(smallDrill({ paths: { library: broken, database: dump } }));
    expect(result).toMatchObject({
      verdict: 'fail',
      exitCode: 1,
      failures: [{ phase: 'restore', component: 'library', code: 'x' }],
    });
    expect(result.checks.find(({ name }) => name === 'rows')?.verdict).toBe('pass');
    expect(result.checks.find(({ name }) => name === 'files')?.verdict).toBe('unknown');
  });
});

describe('a drill that proves nothing', () => {
  it('because its disaster destroys nothing stops before the restore', async () => {
    const inert = { ...loseEverything(), strike: async () => ['nothing'] };
    const result = await runForTest(smallDrill({ disaster: inert }));
    expect(result.failures).toMatchObject([{ phase: 'prove-gone', code: 'not-gone', verdict: 'fail' }]);
    await fails(result, 'gone', /library/);
    expect(result.timings.some(({ phase }) => phase === 'restore')).toBe(false);
  });

  it('because nobody judges is an error of the drill', async () => {
    const { workload } = smallDrill();
    const result = await runForTest(smallDrill({ workload: { ...workload, checks: [] } }));
    expect(result).toMatchObject({ exitCode: 64, failures: [{ code: 'no-checks' }] });
    expect(result.verdict).not.toBe('pass');
  });

  it('because a check cannot look is unknown, not green', async () => {
    const blind = {
      name: 'blind',
      component: 'all',
      proves: 'nothing',
      judge: async () => Promise.reject(new Error('no eyes')),
    };
    const result = await runForTest(smallDrill({ checks: [blind] }));
    expect(result).toMatchObject({ verdict: 'unknown', exitCode: 2 });
    expect(complaints(result)).toEqual(['blind: unknown']);
  });

  it('because its objectives cannot be met fails', async () => {
    const result = await runForTest(smallDrill({ objectives: { rto: '1ms' } }));
    expect(complaints(result)).toEqual(['objectives: fail']);
    expect(result.exitCode).toBe(1);
  });
});

describe('an interrupted drill', () => {
  it.each(['seed', 'backup', 'restore'] as const)('disposes of everything when it is stopped in %s', async (phase) => {
    const controller = new AbortController();
    let work = '';
    const onPhase = (now: string) => {
      if (now === phase) controller.abort();
    };
    const result = await runForTest(smallDrill(), { signal: controller.signal, onPhase }, ({ run }) => {
      work = join(workRoot(), folderNameOf(run.id, workRoot()));
    });
    expect(result).toMatchObject({ exitCode: 130, verdict: 'unknown' });
    expect(result.failures[0]).toMatchObject({ code: 'interrupted', phase });
    expect(result.timings.find(({ name }) => name === 'dispose')?.ok).toBe(true);
    expect(existsSync(work)).toBe(false);
  });

  it('says so when the phase that it was stopped in comes to its end all the same', async () => {
    const controller = new AbortController();
    let looks = 0;
    const inventory: Workload['inventory'] = async (world) => {
      looks += 1;
      // Once before the backup, once after the restore: the last work of the run.
      if (looks === 2) controller.abort();
      return await notes().inventory(world);
    };
    const drill = smallDrill({ workload: { ...notes(), inventory } });
    const result = await runForTest(drill, { signal: controller.signal });
    expect(result).toMatchObject({ exitCode: 130, verdict: 'unknown', checks: [] });
    expect(result.failures).toMatchObject([{ code: 'interrupted', phase: 'judge' }]);
  });
});
