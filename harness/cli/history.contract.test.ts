import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { VerifiedHistory } from '../../reports/history/verify.ts';
import { Workplace } from './testing/workplace.ts';

/** Fails in preflight, which takes no time: a run is a run. */
const TOO_LARGE = ['notes', '--assets', '2000000000'];

describe('drill history', () => {
  it('has a signed line of every run, and several runs at once do not break it', async () => {
    using place = new Workplace();
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const files = { secret: join(place.folder, 'key.pem'), open: join(place.folder, 'key.pub') };
    writeFileSync(files.secret, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(files.open, publicKey.export({ type: 'spki', format: 'pem' }));
    const env = { DRILL_HISTORY_KEY: files.secret };
    const codes = await Promise.all([1, 2, 3, 4].map(async () => (await place.run(TOO_LARGE, { env })).exitCode));
    expect(codes).toEqual([2, 2, 2, 2]);
    const { exitCode, stdout } = await place.run(['history', '--json', '--public-key', files.open]);
    const history = JSON.parse(stdout) as VerifiedHistory;
    expect(exitCode, stdout).toBe(0);
    expect(history).toMatchObject({ state: 'whole', signed: { entries: 4, verified: true } });
    expect(history.entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(history.entries.map(({ run }) => run.id).sort()).toEqual(place.runs().sort());
    expect(history.entries[0]).toMatchObject({ drill: 'notes', verdict: 'unknown', resultSha256: expect.any(String) });
  });

  it('says what was tampered with, and so does the next run', async () => {
    using place = new Workplace();
    await place.run(TOO_LARGE);
    const file = join(place.folder, 'state', 'history.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"verdict":"unknown"', '"verdict":"pass"'));
    const { exitCode, stdout } = await place.run(['history']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/TAMPERED WITH:\n {2}line 1: record 1 was changed after it was written/);
    expect((await place.run(TOO_LARGE)).stderr).toMatch(/\[history\] .*history\.jsonl:1: record 1 was changed/);
  });

  it('that cannot be written does not change the verdict of a run, and is told', async () => {
    using place = new Workplace();
    writeFileSync(join(place.folder, 'file'), '');
    const { exitCode, stderr } = await place.run([...TOO_LARGE, '--history', join(place.folder, 'file', 'below')]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/\[history\] the run could not be added to the history: /);
  });

  it('is missed when it was deleted with its head, by the history and by the gate', async () => {
    using place = new Workplace();
    await place.run(TOO_LARGE);
    const [id = ''] = place.runs();
    const noted = readFileSync(join(place.folder, 'runs', id, 'history-record.json'), 'utf8');
    for (const name of ['history.jsonl', 'history.head.json']) rmSync(join(place.folder, 'state', name));
    const { exitCode, stdout } = await place.run(['history']);
    expect(exitCode).toBe(1);
    const { hash } = JSON.parse(noted) as { hash: string };
    expect(stdout).toContain(`the history is gone: the anchor knows 1 runs up to ${hash}`);
    const gate = await place.run(['gate', '--drill', 'notes']);
    expect(gate).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^CLOSED: .*the history is gone/) });
  });

  it('knows when only a part was drilled', async () => {
    using place = new Workplace();
    await place.run([...TOO_LARGE, '--only', 'database']);
    expect((await place.run(['history'])).stdout).toMatch(/notes .* only a part/);
  });
});
