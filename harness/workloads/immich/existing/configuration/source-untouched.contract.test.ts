import { appendFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openLocal } from '../../../../cli/open-substrate.ts';
import type { RunOptions } from '../../../../engine/engine.ts';
import type { CheckResult, RunResult } from '../../../../model/result.ts';
import type { Substrate } from '../../../../model/substrate.ts';
import type { Bucket } from '../../../../model/target.ts';
import { drillOwn } from '../testing/drill-own.ts';
import { PASSWORD, SyntheticLibrary } from '../testing/synthetic-library.ts';

const ASSETS = 8;
const HERE = openLocal({ s3: 'versitygw', onNote: () => {} });

/** A substrate of this machine on which something is done as soon as the first tool of the restore has run. */
function meanwhile(harm: () => void | Promise<void>, untrusted = true): RunOptions['openSubstrate'] {
  return async (context) => {
    const substrate = await HERE({ ...context, untrusted });
    let done = false;
    return new Proxy(substrate, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (name !== 'run') return typeof value === 'function' ? value.bind(target) : value;
        return async (...args: Parameters<Substrate['run']>) => {
          const report = await target.run(...args);
          if (!done) await harm();
          done = true;
          return report;
        };
      },
    });
  };
}

describe('a drill of own backups leaves them as they were', () => {
  let library: SyntheticLibrary;
  let bucket: Bucket;

  beforeAll(async () => {
    vi.stubEnv('OWN_PASSWORD', PASSWORD);
    library = await SyntheticLibrary.make(ASSETS);
    bucket = await library.local.substrate.bucket('mirror');
    vi.stubEnv('OWN_KEY', bucket.accessKey.reveal()).stubEnv('OWN_SECRET', bucket.secretKey.reveal());
    await library.copyTo(bucket, 'immich');
    await library.restic(['init']);
    await library.restic(['backup', library.at('media')]);
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await library?.[Symbol.asyncDispose]();
  });

  async function drill(config: object, open?: RunOptions['openSubstrate']): Promise<RunResult> {
    const all = { database: { folder: library.at('dumps'), dump: 'immich.dump' }, ...config };
    return await drillOwn(library.folder, all, undefined, undefined, open);
  }

  const folder = () => ({ library: { folder: library.at('media') } });
  const inBucket = () => {
    const keys = { accessKey: { env: 'OWN_KEY' }, secretKey: { env: 'OWN_SECRET' } };
    return { library: { bucket: { name: bucket.name, endpoint: bucket.endpoint, prefix: 'immich', ...keys } } };
  };

  function checkOf({ checks, failures }: RunResult): CheckResult | undefined {
    expect(failures).toEqual([]);
    return checks.find(({ name }) => name === 'source-untouched');
  }

  it.each([
    ['a folder', () => folder()],
    [
      'a restic repository',
      () => ({ library: { restic: { repository: library.at('restic'), password: { env: 'OWN_PASSWORD' } } } }),
    ],
  ])('in %s', async (_, config) => {
    expect(checkOf(await drill(config()))).toMatchObject({
      verdict: 'pass',
      actual: expect.stringMatching(/^[\d,]+ entries of 2 places the same before and after, \d+\.\d MiB/),
      findings: [],
    });
  });

  it('in a bucket, to which nothing but reads was asked, and nothing else let through', async () => {
    const result = await drill(inBucket());
    expect(checkOf(result)).toMatchObject({
      verdict: 'pass',
      actual: expect.stringMatching(new RegExp(`requests to ${bucket.endpoint}: [1-9]\\d* (GET|HEAD)`)),
      findings: [],
    });
    // What somebody would type again is the server itself.
    expect(JSON.stringify(result)).not.toContain('gateway to');
  });

  it('in a bucket that restic reads', async () => {
    const repository = `s3:${bucket.endpoint}/${bucket.name}/restic`;
    const keys = { AWS_ACCESS_KEY_ID: bucket.accessKey.reveal(), AWS_SECRET_ACCESS_KEY: bucket.secretKey.reveal() };
    for (const [name, value] of Object.entries(keys)) vi.stubEnv(name, value);
    await library.restic(['init'], repository);
    await library.restic(['backup', library.at('media')], repository);
    const env = { AWS_ACCESS_KEY_ID: { env: 'OWN_KEY' }, AWS_SECRET_ACCESS_KEY: { env: 'OWN_SECRET' } };
    const result = await drill({ library: { restic: { repository, password: { env: 'OWN_PASSWORD' }, env } } });
    expect(checkOf(result)).toMatchObject({
      verdict: 'pass',
      actual: expect.stringMatching(new RegExp(`2 places the same.*requests to ${bucket.endpoint}: [1-9]`)),
      findings: [],
    });
  });

  it.each<[string, (file: string) => void, string]>([
    [
      'a byte more, with its time put back',
      (file) => {
        const { atime, mtime } = statSync(file);
        appendFileSync(file, 'x');
        utimesSync(file, atime, mtime);
      },
      'immich.dump',
    ],
    ['another time', (file) => utimesSync(file, 1, statSync(file).mtimeMs / 1000 - 1), 'immich.dump'],
    [
      'a lock that came and went',
      (file) => {
        writeFileSync(`${file}.lock`, '');
        rmSync(`${file}.lock`);
      },
      'dumps',
    ],
  ])('sees %s while it runs, and whether it can have done that itself', async (_, harm, subject) => {
    const once = () => harm(library.at('dumps', 'immich.dump'));
    const inSandbox = checkOf(await drill(folder(), meanwhile(once)));
    expect(inSandbox).toMatchObject({ verdict: 'pass', actual: expect.stringContaining('by somebody else') });
    const without = checkOf(await drill(folder(), meanwhile(once, false)));
    expect(without).toMatchObject({ verdict: 'fail' });
    for (const check of [inSandbox, without])
      expect(check?.findings.map((finding) => finding.subject).join()).toContain(subject);
  });

  it('lets a new backup appear while it runs, and names it', async () => {
    const check = checkOf(
      await drill(
        folder(),
        meanwhile(() => writeFileSync(library.at('dumps', 'z-new'), 'tonight')),
      ),
    );
    rmSync(library.at('dumps', 'z-new'));
    expect(readdirSync(library.at('dumps'))).toEqual(['immich.dump']);
    expect(check).toMatchObject({ verdict: 'pass', findings: [{ subject: expect.stringContaining('z-new in ') }] });
  });

  it('names an object that somebody has put another in place of', async () => {
    const put = async () => await bucket.put('immich/upload/.immich', Buffer.from('another marker'));
    const check = checkOf(await drill(inBucket(), meanwhile(put)));
    expect(check?.findings).toMatchObject([
      {
        subject: expect.stringContaining('immich/upload/.immich in s3://mirror'),
        actual: expect.stringContaining('by somebody else'),
      },
    ]);
  });
});
