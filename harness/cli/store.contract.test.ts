import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bucketsOf, type S3Bucket } from '../machine/object-store/s3-client.ts';
import type { RunResult } from '../model/result.ts';
import { type LocalForTest, openLocalForTest } from '../substrates/local/testing/open-local.ts';
import { guardianOf } from './testing/run-remains.ts';
import { Workplace } from './testing/workplace.ts';

const CLEAN_BUDGET_MS = 20_000;

let local: LocalForTest;
let own: S3Bucket;
let env: Record<string, string>;

beforeAll(async () => {
  local = await openLocalForTest();
  own = (await local.substrate.bucket('somebody-elses')) as S3Bucket;
  await own.put('photo', Buffer.from('mine'));
  env = { AWS_ACCESS_KEY_ID: own.accessKey.reveal(), AWS_SECRET_ACCESS_KEY: own.secretKey.reveal() };
});
afterAll(async () => await local[Symbol.asyncDispose]());

async function bucketsThere(): Promise<string[]> {
  return (await bucketsOf(own, '')).map(({ name }) => name);
}

function textsOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return files.flatMap((file) => (statSync(file).isFile() ? [readFileSync(file, 'latin1')] : [])).join('\n');
}

describe('an S3 server that is there already', () => {
  it('holds the backups in buckets of the run, which go with it, and its keys are written nowhere', async () => {
    using place = new Workplace();
    const { exitCode, stdout, stderr } = await place.run(['notes', '--json', '--s3', own.endpoint], { env });
    expect(exitCode, stderr).toBe(0);
    expect((JSON.parse(stdout) as RunResult).facts['backup store']).toBe(
      `the S3 server at ${new URL(own.endpoint).host}`,
    );
    expect(await bucketsThere()).toEqual([own.name]);
    expect((await Array.fromAsync(own.list())).map(({ key }) => key)).toEqual(['photo']);
    const written = textsOf(place.folder);
    expect(written).toContain(own.endpoint);
    expect(written).not.toContain(own.secretKey.reveal());
  });

  it('has nothing left of a run that was killed, and nobody else loses anything', async () => {
    using place = new Workplace();
    const run = place.start(['notes', '--s3', own.endpoint], { env });
    await place.journalUntil(({ event, phase }) => event === 'phase-started' && phase === 'write-after');
    expect(await bucketsThere()).toHaveLength(2);
    run.kill('SIGKILL');
    await run;
    await expect.poll(bucketsThere, { timeout: CLEAN_BUDGET_MS }).toEqual([own.name]);
    await expect.poll(() => place.leftFolders(), { timeout: CLEAN_BUDGET_MS }).toEqual([]);
  });

  it('is cleaned up by drill gc where the guardian was killed, too, and nobody else loses anything', async () => {
    using place = new Workplace();
    const run = place.start(['notes', '--s3', own.endpoint], { env });
    await place.journalUntil(({ event, phase }) => event === 'phase-started' && phase === 'write-after');
    const harness = run.pid ?? 0;
    const guardian = guardianOf(harness) ?? 0;
    process.kill(harness, 'SIGSTOP');
    process.kill(guardian, 'SIGKILL');
    process.kill(harness, 'SIGKILL');
    await run;
    expect(await bucketsThere()).toHaveLength(2);
    const { stdout } = await place.run(['gc', '--s3', own.endpoint], { env });
    expect(stdout).toMatch(/killed +a bucket at .* drill-\w+-backups +removed/);
    expect(await bucketsThere()).toEqual([own.name]);
    expect(place.leftFolders()).toEqual([]);
  });

  it('that cannot be reached is an error of the surroundings that names it', async () => {
    using place = new Workplace();
    const { exitCode, stderr, stdout } = await place.run(['notes', '--s3', 'http://127.0.0.1:9'], { env });
    expect(exitCode).toBe(2);
    expect(stdout + stderr).toMatch(/could not be made at http:\/\/127\.0\.0\.1:9: .*ECONNREFUSED/);
    expect(place.leftFolders()).toEqual([]);
  });

  it.each([
    ['that is neither a server nor an address', ['--s3', 'garage'], /versitygw, minio, or an address/],
    ['whose keys are not given', ['--s3', 'http://127.0.0.1:9'], /AWS_ACCESS_KEY_ID/],
  ])('%s is told in one line and starts nothing', async (_, args, expected) => {
    using place = new Workplace();
    const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
    const { exitCode, stderr } = await place.run(['notes', ...args], { env: none });
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(expected);
    expect(place.runs()).toEqual([]);
  });

  it('of this machine alone is refused for a cluster', async () => {
    using place = new Workplace();
    const args = ['notes', '--on', 'kind', '--s3', own.endpoint];
    const { exitCode, stderr } = await place.run(args, { env });
    expect(exitCode, stderr).toBe(64);
    expect(stderr).toMatch(/listens on this machine alone/);
    expect(place.runs()).toEqual([]);
  });
});
