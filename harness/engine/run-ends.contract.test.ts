import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLocal } from '../cli/open-substrate.ts';
import { folderNameOf, workRoot } from '../machine/work-folders/work-root.ts';
import type { Drill } from '../model/drill.ts';
import { DrillError } from '../model/error.ts';
import type { Phase, RunResult } from '../model/result.ts';
import { Secret } from '../model/secret.ts';
import { runDrill } from './engine.ts';
import { smallDrill } from './testing/run-for-test.ts';

interface Meddling {
  readonly onPhase?: (phase: Phase, run: string) => void;
  readonly signal?: AbortSignal;
  readonly secrets?: readonly Secret[];
}

/** Runs a drill whose run folder is ruined on the way, and gives what is left of it. */
async function runIn(runsFolder: string, drill: Drill, meddling: Meddling = {}): Promise<RunResult> {
  const onPhase = (phase: Phase) => {
    const [id = ''] = existsSync(runsFolder) ? readdirSync(runsFolder).filter((name) => name.startsWith('notes-')) : [];
    meddling.onPhase?.(phase, join(runsFolder, id));
  };
  return await runDrill(drill, {
    ...{ runsFolder, keep: 'never', signal: meddling.signal ?? new AbortController().signal },
    ...(meddling.secrets && { secrets: meddling.secrets }),
    listener: { phaseStarted: onPhase, phaseEnded: () => {}, step: () => {} },
    openSubstrate: openLocal({ s3: 'versitygw', onNote: () => {} }),
  });
}

function workFolderOf(id: string): string {
  return join(workRoot(), folderNameOf(id, workRoot()));
}

function nothingIsLeft(result: RunResult): void {
  expect(existsSync(workFolderOf(result.run.id))).toBe(false);
  const words = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  expect(words).not.toContain(result.run.id);
}

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'drill-ends-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a run whose evidence cannot be kept', () => {
  it.skipIf(process.getuid?.() !== 0)('on a disk that is full ends as unknown, and leaves nothing behind', async () => {
    await withFolder(async (folder) => {
      const runs = join(folder, 'runs');
      mkdirSync(runs);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', runs]);
      try {
        const result = await runIn(runs, smallDrill(), {
          onPhase: (phase) => {
            if (phase === 'record')
              execFileSync('sh', ['-c', 'cat /dev/zero > "$1" 2>/dev/null || true', 'sh', join(runs, 'full')]);
          },
        });
        expect(result).toMatchObject({ verdict: 'unknown', exitCode: 2 });
        expect(result.failures[0]).toMatchObject({ code: 'disk-full', verdict: 'unknown' });
        expect(result.failures.every(({ verdict }) => verdict === 'unknown')).toBe(true);
        nothingIsLeft(result);
      } finally {
        execFileSync('umount', [runs]);
      }
    });
  });

  it.each<[string, (run: string) => void]>([
    ['was removed', (run) => rmSync(run, { recursive: true })],
    ['was moved', (run) => renameSync(run, `${run}.moved`)],
  ])('as its folder %s ends as unknown, and leaves nothing behind', async (_, ruin) => {
    await withFolder(async (folder) => {
      const result = await runIn(folder, smallDrill(), {
        onPhase: (phase, run) => {
          if (phase === 'restore') ruin(run);
        },
      });
      expect(result).toMatchObject({ verdict: 'unknown', exitCode: 2 });
      expect(result.failures.map(({ code }) => code)).toContain('evidence-not-written');
      nothingIsLeft(result);
    });
  });

  it('as its work folder vanishes ends with a result', async () => {
    await withFolder(async (folder) => {
      const result = await runIn(folder, smallDrill(), {
        onPhase: (phase, run) => {
          const id = run.split('/').at(-1) ?? '';
          if (phase === 'restore') rmSync(workFolderOf(id), { recursive: true });
        },
      });
      expect(result.verdict).not.toBe('pass');
      expect(result.failures.every(({ verdict }) => verdict !== 'fail')).toBe(true);
      nothingIsLeft(result);
    });
  });
});

describe('a run', () => {
  it('is not broken by a listener that throws', async () => {
    await withFolder(async (folder) => {
      const onPhase = () => {
        throw new Error('the terminal is gone');
      };
      expect(await runIn(folder, smallDrill(), { onPhase })).toMatchObject({ verdict: 'pass', exitCode: 0 });
    });
  });

  it('that was broken off for a reason ends with that, and was not interrupted', async () => {
    await withFolder(async (folder) => {
      const controller = new AbortController();
      const reason = new DrillError({ code: 'odd', where: 'cli', what: 'Odd.', next: 'none.', blame: 'harness' });
      const onPhase = (phase: Phase) => {
        if (phase === 'record') controller.abort(reason);
      };
      const result = await runIn(folder, smallDrill(), { onPhase, signal: controller.signal });
      expect(result).toMatchObject({ exitCode: 70, failures: [{ code: 'odd', phase: 'record' }] });
      nothingIsLeft(result);
    });
  });

  it('cannot be begun where nothing can be written, and says where', async () => {
    await expect(runIn('/dev/null/runs', smallDrill())).rejects.toMatchObject({
      ...{ code: 'runs-folder-unwritable', blame: 'usage' },
    });
  });

  it('writes no secret down, in whatever form it comes', async () => {
    await withFolder(async (folder) => {
      const value = 'se"cr\\et-line-one\nse"cond-line-two';
      const forms = [
        'cr\\et-line-one',
        'cr\\\\et-line-one',
        'cond-line-two',
        Buffer.from(`x:${value}`).toString('base64').slice(8, 40),
      ];
      const said = `${value} ${JSON.stringify(value)} ${Buffer.from(`x:${value}`).toString('base64')} ${encodeURIComponent(value)}`;
      const broken = smallDrill();
      const checks = [
        {
          ...{ name: 'tells', component: 'all', proves: 'nothing' },
          judge: () => ({
            verdict: 'fail' as const,
            expected: '',
            actual: said,
            findings: [{ subject: said, what: said }],
          }),
        },
      ] as unknown as NonNullable<Drill['checks']>;
      const secrets = [new Secret('token', value), new Secret('pin', '2')];
      const result = await runIn(folder, { ...broken, checks }, { secrets });
      expect(result.verdict).toBe('fail');
      const files = readdirSync(result.run.folder, { recursive: true, withFileTypes: true }).filter((one) =>
        one.isFile(),
      );
      const texts = files.map((one) => readFileSync(join(one.parentPath, one.name), 'utf8'));
      for (const text of [...texts, JSON.stringify(result)]) for (const form of forms) expect(text).not.toContain(form);
      // A number may look like a secret; the line stays one that can be read.
      const journal = readFileSync(join(result.run.folder, 'journal.jsonl'), 'utf8').trim().split('\n');
      for (const line of journal) JSON.parse(line);
    });
  });
});
