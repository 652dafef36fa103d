import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workplace } from '../../../../cli/testing/workplace.ts';
import { type JournalLine, readJournal } from '../../../../engine/journal.ts';
import type { RunResult } from '../../../../model/result.ts';
import { PASSWORD, SyntheticLibrary } from '../testing/synthetic-library.ts';

const BATCHES = ['--max-disk', '500M', '--batch-files', '25'];
const STEADY = { env: { OWN_PASSWORD: PASSWORD } };

describe('a run in batches that was cut short', () => {
  let library: SyntheticLibrary;

  beforeAll(async () => {
    library = await SyntheticLibrary.make(80);
    await library.restic(['init']);
    await library.restic(['backup', library.at('media')]);
  });

  afterAll(async () => {
    await library?.[Symbol.asyncDispose]();
  });

  /** A workplace with the configuration of one drill, `own`. */
  function workplace(config: object): Workplace {
    const place = new Workplace();
    const own = { workload: 'immich', images: 10, database: { folder: library.at('dumps') }, ...config };
    writeFileSync(join(place.folder, 'drills.config.yaml'), JSON.stringify({ drills: { own } }));
    return place;
  }

  /** Runs it until that many batches are done, and ends it by a signal; gives its id. */
  async function cutShort(place: Workplace, batches: number, signal: 'SIGKILL' | 'SIGINT'): Promise<string> {
    const run = place.start(['run', 'own', '--config', 'drills.config.yaml', ...BATCHES, '--json'], STEADY);
    await place.journalUntil((line) => line.number === batches);
    const [id] = place.runs();
    if (signal === 'SIGKILL') {
      const early = await place.run(['resume', id ?? ''], STEADY);
      expect(early).toMatchObject({ exitCode: 64, stderr: expect.stringMatching(/still runs, as process \d+/) });
    }
    run.kill(signal);
    expect((await run).exitCode).toBe(signal === 'SIGINT' ? 130 : undefined);
    return id ?? '';
  }

  const restic = () => ({
    library: { restic: { repository: library.at('restic'), password: { env: 'OWN_PASSWORD' } } },
  });

  it('is gone on with after kill -9: every file is verified exactly once', async () => {
    using place = workplace(restic());
    const first = await cutShort(place, 2, 'SIGKILL');
    expect((await place.run(['show', first])).stdout).toContain(`drill resume ${first}`);
    // A newer snapshot is not the one that it began with.
    writeFileSync(library.at('media/upload/late.jpg'), 'too late');
    await library.restic(['backup', library.at('media')]);
    rmSync(library.at('media/upload/late.jpg'));
    const resumed = await place.run(['resume', first, '--json'], STEADY);
    expect(resumed).toMatchObject({ exitCode: 0 });
    const result = JSON.parse(resumed.stdout) as RunResult;
    expect(result).toMatchObject({ verdict: 'pass', rto: { seconds: null }, facts: { 'goes on with': first } });
    expect(result.notTested.map(({ why }) => why).join()).toContain(`goes on with the run ${first}`);

    const [before, after] = [journalOf(place, first), journalOf(place, result.run.id)];
    const own = (journal: readonly JournalLine[]) =>
      journal.filter(({ event, from }) => event === 'batch' && from === undefined);
    expect(own(before).length).toBeGreaterThanOrEqual(2);
    expect(own(after).length).toBeGreaterThanOrEqual(2);
    const all = listOf(place, result.run.id, 'before/library/listed.ndjson');
    const joined = listOf(place, result.run.id, 'after/library/files.ndjson');
    // What the first verified is what the second took over, and what it verified itself are all others.
    const verified = own(before).flatMap(({ file }) => listOf(place, first, String(file).replace('evidence/', '')));
    expect(joined.slice(0, verified.length)).toEqual(verified);
    expect(own(after).reduce((sum, { files }) => sum + Number(files), 0)).toBe(joined.length - verified.length);
    expect(joined).toEqual(all);
    expect(new Set(joined).size).toBe(joined.length);
    expect(place.leftFolders()).toEqual([]);

    const again = await place.run(['resume', result.run.id]);
    expect(again).toMatchObject({ exitCode: 64, stderr: expect.stringMatching(/is finished: it ended with "pass"/) });

    const snapshot = String(before.find(({ event }) => event === 'listed')?.id);
    await library.restic(['forget', snapshot]);
    const gone = await place.run(['resume', first, '--json'], STEADY);
    const refused = JSON.parse(gone.stdout) as RunResult;
    expect(gone.exitCode).toBe(2);
    expect(refused.failures).toMatchObject([{ code: 'backup-changed', verdict: 'unknown' }]);
    expect(refused.failures[0]?.message).toMatch(new RegExp(`No snapshot fits "${snapshot}"`));
    expect(journalOf(place, refused.run.id).some(({ event }) => event === 'batch')).toBe(false);
  });

  it('is gone on with after Ctrl-C, and refused once a file or the dump is another', async () => {
    const media = library.copy('mirror');
    const dumps = library.at('dumps-of-mirror');
    mkdirSync(dumps);
    writeFileSync(join(dumps, 'immich.dump'), readFileSync(library.at('dumps/immich.dump')));
    using place = workplace({ library: { folder: media }, database: { folder: dumps } });
    const first = await cutShort(place, 1, 'SIGINT');
    expect(place.leftFolders()).toEqual([]);
    expect((await place.run(['show', first])).stdout).toContain(`drill resume ${first}`);

    const [victim = ''] = listOf(place, first, 'before/library/listed.ndjson').filter((path) => path.endsWith('.jpg'));
    const bytes = readFileSync(join(media, victim));
    writeFileSync(join(media, victim), 'changed');
    const changed = JSON.parse((await place.run(['resume', first, '--json'])).stdout) as RunResult;
    expect(changed).toMatchObject({ exitCode: 2, failures: [{ code: 'backup-changed' }] });
    expect(changed.failures[0]?.message).toContain(`${victim} was ${bytes.length} bytes`);

    // With its own bytes and time it is the same backup again; the dump is not.
    rmSync(media, { recursive: true });
    library.copy('mirror');
    appendTo(join(dumps, 'immich.dump'));
    const other = JSON.parse((await place.run(['resume', first, '--json'])).stdout) as RunResult;
    expect(other).toMatchObject({ exitCode: 2, failures: [{ code: 'backup-changed', component: 'database' }] });
    expect(other.failures[0]?.message).toMatch(/immich\.dump had the SHA-256 [0-9a-f]{64}, and now has/);

    writeFileSync(join(dumps, 'immich.dump'), readFileSync(library.at('dumps/immich.dump')));
    const whole = await place.run(['resume', first]);
    expect(whole).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/PASS/) });

    rmSync(join(place.folder, 'drills.config.yaml'));
    const lost = await place.run(['resume', first]);
    expect(lost).toMatchObject({ exitCode: 64, stderr: expect.stringMatching(/configuration .* is gone/) });
  });

  it('says why what is no such run cannot be resumed', async () => {
    using place = new Workplace();
    expect(await place.run(['resume', 'nothing'])).toMatchObject({
      exitCode: 64,
      stderr: expect.stringMatching(/no run "nothing"/),
    });
    await place.run(['notes']);
    const [id = ''] = place.runs();
    const synthetic = await place.run(['resume', id]);
    expect(synthetic).toMatchObject({ exitCode: 64, stderr: expect.stringMatching(/is a synthetic drill/) });
    const without = await place.run(['run', 'notes', '--max-disk', '1G']);
    expect(without).toMatchObject({ exitCode: 64, stderr: expect.stringMatching(/--config/) });
    expect(await place.run(['run', 'notes', '--max-disk', 'much'])).toMatchObject({ exitCode: 64 });
    expect(readdirSync(join(place.folder, 'runs'))).toHaveLength(1);
  });
});

function journalOf(place: Workplace, id: string): JournalLine[] {
  return readJournal(join(place.folder, 'runs', id, 'journal.jsonl'));
}

/** The paths of a list of evidence. */
function listOf(place: Workplace, id: string, list: string): string[] {
  const file = join(place.folder, 'runs', id, 'evidence', list);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { path: string }).path);
}

/** A dump that pg_restore reads all the same: what follows its end is not looked at. */
function appendTo(file: string): void {
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from('another')]));
}
