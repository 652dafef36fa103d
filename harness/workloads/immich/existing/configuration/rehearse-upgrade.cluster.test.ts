import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HistoryEntry } from '../../../../../reports/history/entry.ts';
import { Workplace } from '../../../../cli/testing/workplace.ts';
import { RUN_LABEL } from '../../../../machine/docker/containers.ts';
import type { RunResult } from '../../../../model/result.ts';
import { dockerWithPostgres } from '../../../../substrates/local/testing/container-image.ts';
import { NextVersions, RUN_BY_V3 } from '../testing/next-version.ts';
import { DATA, noRealLibraries, type Truth } from '../testing/real-library.ts';

const lab = await dockerWithPostgres();
const missing = noRealLibraries() ?? (typeof lab === 'string' ? lab : undefined);
const image = typeof lab === 'string' ? '' : lab.image;
const ENV = { DRILL_POSTGRES: 'container', DRILL_POSTGRES_IMAGE: image };

describe.skipIf(missing)(`a rehearsed upgrade${missing ? `: ${missing}` : ''}`, () => {
  let place: Workplace;
  let versions: NextVersions;
  let truth: Truth;
  const at = (...parts: string[]) => join(place.folder, ...parts);

  beforeAll(async () => {
    place = new Workplace();
    versions = new NextVersions(image);
    const source = join(DATA, 'immich-v2.7.5');
    truth = JSON.parse(readFileSync(join(source, 'truth.json'), 'utf8')) as Truth;
    for (const folder of ['media', 'dumps']) mkdirSync(at(folder));
    await execa('tar', ['--extract', '--file', join(source, 'media.tar.gz'), '--directory', at('media')]);
    cpSync(join(source, 'immich.sql.gz'), at('dumps/immich.sql.gz'));
    const mine = { workload: 'immich', library: { folder: at('media') }, database: { folder: at('dumps') } };
    writeFileSync(at('drills.yaml'), JSON.stringify({ drills: { mine } }));
  });

  afterAll(async () => {
    place?.[Symbol.dispose]();
    await versions?.[Symbol.asyncDispose]();
  });

  async function rehearse(to: string, args: readonly string[] = []) {
    const all = ['rehearse-upgrade', 'mine', '--config', at('drills.yaml'), '--to', to, '--json', ...args];
    const { exitCode, stdout, stderr } = await place.run(all, { env: ENV });
    const result = JSON.parse(stdout || '{}') as RunResult;
    const { stdout: left } = await execa('docker', [
      'ps',
      '--all',
      '--quiet',
      `--filter=label=${RUN_LABEL}=${result.run?.id}`,
    ]);
    expect({ left, folders: place.leftFolders() }, stderr).toEqual({ left: '', folders: [] });
    return { exitCode, result, verdicts: verdictsOf(result) };
  }

  it('that keeps everything passes, with the migrations that ran', async () => {
    const { exitCode, result, verdicts } = await rehearse(await versions.build('whole'));
    expect({ exitCode, failures: result.failures }).toEqual({ exitCode: 0, failures: [] });
    const upgraded = { 'rehearsed-version': 'pass', migrations: 'pass', numbers: 'pass', assets: 'pass' };
    expect(verdicts).toEqual({ restored: 'pass', ready: 'pass', 'source-untouched': 'pass', ...upgraded });
    expect(result.drill).toMatchObject({ name: 'mine-upgrade', workload: { version: 'v2.7.5' } });
    expect(result.facts).toMatchObject({ 'rehearsed version': 'v3.1.0' });
    expect(saidBy(result, 'rehearsed-version')).toBe('v3.1.0, as the server says');
    expect(saidBy(result, 'migrations')).toBe(`v2.7.5 to v3.1.0, ${RUN_BY_V3.length} ran: ${RUN_BY_V3.join(', ')}`);
    expect(saidBy(result, 'assets')).toMatch(new RegExp(`^0 lost or changed of ${truth.assets.length} assets, `));
    expect(saidBy(result, 'ready')).toMatch(/photos and \d+ videos of 2 users and a photo with its SHA-1 over HTTP/);
  });

  it('is known to the gate, as is the drill of the same backups', async () => {
    const config = ['--config', at('drills.yaml')];
    const { exitCode, stdout, stderr } = await place.run(['run', 'mine', ...config], { env: ENV });
    expect(exitCode, stdout + stderr).toBe(0);
    const { entries } = JSON.parse((await place.run(['history', '--json'])).stdout) as { entries: HistoryEntry[] };
    expect(entries.find(({ drill }) => drill === 'mine')).toMatchObject({
      assetsVerified: truth.assets.length,
      workload: { version: 'v2.7.5' },
      counts: { assets: truth.assets.length, users: 2 },
    });
    const gate = async (...args: string[]) => (await place.run(['gate', '--drill', 'mine', '--json', ...args])).stdout;
    expect(await gate('--installed-version', '2.7.5', '--to-version', '3.1.0')).toMatch(
      /"open": true.*rehearsed [^"]*: pass/s,
    );
    expect(await gate('--installed-version', 'v2.7.4')).toMatch(/"code": "version-other"/);
    await rehearse(await versions.build('no-album', ':', ['DELETE FROM album']));
    expect(await gate('--installed-version', '2.7.5', '--to-version', '3.1.0')).toMatch(/"code": "rehearsal-failed"/);
    expect(await gate('--installed-version', '2.7.5', '--to-version', '3.2.0')).toMatch(/"open": true/);
  });

  it('is of the version that the server says, and fails when its tag names another', async () => {
    const { exitCode, result, verdicts } = await rehearse(await versions.build('v3.2.0'));
    expect(exitCode).toBe(1);
    expect(verdicts).toMatchObject({ ready: 'pass', 'rehearsed-version': 'fail', assets: 'pass' });
    expect(findingsOf(result)).toMatch(/version of the server: expected v3\.2\.0, as its tag says, found v3\.1\.0/);
    expect(result.facts).toMatchObject({ 'rehearsed version': 'v3.1.0', 'version in its tag': 'v3.2.0' });
  });

  it('that does not say its version is unknown, whatever its tag and its rows say, and shuts the gate', async () => {
    const { exitCode, result, verdicts } = await rehearse(await versions.build('v3.1.0', ':', [], ''));
    expect(exitCode).toBe(2);
    expect(verdicts).toMatchObject({ ready: 'pass', 'rehearsed-version': 'unknown', assets: 'pass' });
    expect(result.facts).toMatchObject({ 'rehearsed version': 'unknown' });
    const call = ['gate', '--drill', 'mine', '--json', '--to-version', '3.1.0'];
    expect((await place.run(call)).stdout).toMatch(/"code": "rehearsal-unknown"/);
  });

  it('that loses an asset and renames what another is fails, and both are named', async () => {
    const [lost, changed] = truth.assets;
    const to = await versions.build('loses', ':', [
      `DELETE FROM asset WHERE id = '${lost?.id}'`,
      `UPDATE asset SET "originalPath" = '/data/upload/elsewhere.jpg' WHERE id = '${changed?.id}'`,
      `DELETE FROM album`,
    ]);
    const { exitCode, result, verdicts } = await rehearse(to);
    expect(exitCode).toBe(1);
    expect(verdicts).toMatchObject({ restored: 'pass', migrations: 'pass', numbers: 'fail', assets: 'fail' });
    expect(findingsOf(result)).toMatch(
      new RegExp(`asset ${lost?.id} .*expected known after the upgrade, found no row`),
    );
    expect(findingsOf(result)).toMatch(new RegExp(`asset ${changed?.id} .*SHA-1 ${changed?.sha1}, found missing`));
    expect(findingsOf(result)).toMatch(/albums: expected [1-9]\d*, found 0/);
  });

  it('that ends in its migrations fails, with its last log lines', async () => {
    const { exitCode, result, verdicts } = await rehearse(
      await versions.build('crashes', 'echo no such column >&2; exit 3'),
    );
    expect({ exitCode, failures: result.failures }).toEqual({ exitCode: 1, failures: [] });
    expect(verdicts).toMatchObject({ restored: 'pass', ready: 'fail', assets: 'unknown' });
    expect(findingsOf(result)).toMatch(/exited unexpectedly before it answered: .*exit code 3.* no such column/);
  });

  it('that never ends is unknown after its time, with what it said last', async () => {
    const { exitCode, result, verdicts } = await rehearse(await versions.build('hangs', 'sleep 3600'), [
      '--timeout',
      '5s',
    ]);
    expect(exitCode).toBe(2);
    expect(result.failures).toMatchObject([{ code: 'service-not-ready', phase: 'upgrade', verdict: 'unknown' }]);
    expect(result.failures[0]?.tail).toMatch(/Migrating to v3\.1\.0/);
    expect(verdicts).toMatchObject({ restored: 'pass', ready: 'unknown' });
  });

  it('to an image that cannot be had is unknown', async () => {
    const { exitCode, result } = await rehearse('registry.invalid/immich/no-such-server:v9');
    expect(exitCode).toBe(2);
    expect(result.failures).toMatchObject([{ code: 'image-missing', verdict: 'unknown' }]);
    expect(result.failures[0]?.message).toMatch(/registry\.invalid\/immich\/no-such-server:v9/);
  });
});

function verdictsOf(result: RunResult): Record<string, string> {
  return Object.fromEntries((result.checks ?? []).map(({ name, verdict }) => [name, verdict]));
}

function saidBy(result: RunResult, check: string): string {
  return result.checks.find(({ name }) => name === check)?.actual ?? '';
}

function findingsOf(result: RunResult): string {
  return result.checks
    .flatMap(({ findings }) => findings)
    .map(({ subject, expected, actual }) => `${subject}: expected ${expected}, found ${actual}`)
    .join('\n');
}
