import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workplace } from '../../../../cli/testing/workplace.ts';
import { openToolbox } from '../../../../machine/tools/toolbox/toolbox.ts';
import type { Bucket } from '../../../../model/target.ts';
import { type LocalForTest, openLocalForTest } from '../../../../substrates/local/testing/open-local.ts';
import { recordRequests } from '../testing/recording-proxy.ts';

const PASSWORD = '0123456789';
const FILE = '/etc/backup/age.key';

describe('drill credentials', () => {
  let local: LocalForTest;
  let place: Workplace;
  let bucket: Bucket;
  let proxy: Awaited<ReturnType<typeof recordRequests>>;
  let right: Record<string, string>;
  let otherIdentity: string;
  const at = (...parts: string[]) => join(place.folder, ...parts);

  beforeAll(async () => {
    local = await openLocalForTest();
    place = new Workplace();
    bucket = await local.substrate.bucket('photos');
    proxy = await recordRequests(bucket.endpoint);
    const tools = await openToolbox();
    const program = async (name: string) => (await tools.provide(name)).location;
    const identity = async () => (await execa(await program('age-keygen'))).stdout;
    const key = await identity();
    otherIdentity = await identity();
    const keys = { AWS_ACCESS_KEY_ID: bucket.accessKey.reveal(), AWS_SECRET_ACCESS_KEY: bucket.secretKey.reveal() };
    const repository = `s3:${proxy.endpoint}/photos/restic`;
    const env = { ...keys, RESTIC_REPOSITORY: repository, RESTIC_PASSWORD: PASSWORD };
    await execa(await program('restic'), ['init'], { env });
    const recipient = /public key: (\S+)/.exec(key)?.[1] ?? '';
    const sealed = await execa(await program('age'), ['--recipient', recipient], {
      input: 'plain',
      encoding: 'buffer',
    });
    await bucket.put('sealed/config.tar.age', sealed.stdout);
    right = { REPO: PASSWORD, KEY_ID: keys.AWS_ACCESS_KEY_ID, KEY: keys.AWS_SECRET_ACCESS_KEY, [FILE]: key };
    const inBucket = {
      endpoint: proxy.endpoint,
      name: 'photos',
      accessKey: { env: 'KEY_ID' },
      secretKey: { env: 'KEY' },
    };
    const secrets = { AWS_ACCESS_KEY_ID: { env: 'KEY_ID' }, AWS_SECRET_ACCESS_KEY: { env: 'KEY' } };
    const mine = {
      workload: 'immich',
      library: { restic: { repository, password: { env: 'REPO' }, env: secrets } },
      database: { inLibrary: 'backups' },
      sealed: { bucket: inBucket, path: 'sealed', file: '*.age', identity: { file: FILE } },
    };
    writeFileSync(at('drills.yaml'), JSON.stringify({ drills: { mine } }));
    proxy.requests.length = 0;
  });

  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]();
    place?.[Symbol.dispose]();
    await local?.[Symbol.asyncDispose]();
  });

  async function prove(glass: Record<string, string>, text = JSON.stringify(glass)) {
    writeFileSync(at('glass.yaml'), text);
    const args = ['credentials', 'mine', '--config', at('drills.yaml'), '--break-glass', at('glass.yaml')];
    // What the environment holds must not help.
    return await place.run(args, { env: { ...right } });
  }

  it('finds that all of them work, only by reading, and writes none of them down', async () => {
    const { exitCode, stdout, stderr } = await prove(right);
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stdout.match(/^WORKS/gm)).toHaveLength(4);
    expect(proxy.requests.length).toBeGreaterThan(2);
    expect(proxy.requests.filter((one) => /^(PUT|DELETE|POST|PATCH)/.test(one))).toEqual([]);
    const [id] = place.runs();
    const written = readFileSync(at('runs', id ?? '', 'commands.jsonl'), 'utf8') + stdout + stderr;
    for (const value of Object.values(right)) expect(written).not.toContain(value);
    expect(place.leftFolders()).toEqual([]);
  });

  it.each([
    ['the password of the repository', 'REPO', 'another', /^WRONG +REPO .*wrong password/m],
    ['the access key', 'KEY_ID', 'nobody', /^WRONG +KEY_ID /m],
    ['the secret key', 'KEY', 'guessed-secret-key-value', /^WRONG +KEY /m],
  ])('tells that %s is wrong', async (_, name, value, expected) => {
    const { exitCode, stdout } = await prove({ ...right, [name]: value });
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(expected) });
    expect(stdout.match(/^WRONG/gm), stdout).toHaveLength(1);
  });

  it('tells that the age key is that of another, or is none', async () => {
    for (const value of [otherIdentity, 'AGE-SECRET-KEY-1NONE']) {
      const { exitCode, stdout } = await prove({ ...right, [FILE]: value });
      expect({ exitCode, stdout }).toMatchObject({
        exitCode: 1,
        stdout: expect.stringMatching(/^WRONG +\/etc\/backup/m),
      });
      expect(stdout.match(/^WORKS/gm), stdout).toHaveLength(3);
    }
  });

  it.each(['REPO', 'KEY_ID', FILE])('tells that %s is missing, though the environment has it', async (name) => {
    const { [name]: _, ...rest } = right;
    const { exitCode, stdout } = await prove(rest);
    expect(exitCode, stdout).toBe(1);
    expect(stdout).toMatch(new RegExp(`^MISSING +${name} `, 'm'));
    expect(stdout.match(/^(MISSING|WRONG)/gm)).toHaveLength(1);
  });

  it('shows nothing of a file that is no list of secrets', async () => {
    const { exitCode, stderr } = await prove({}, 'REPO: "0123456789\nhidden: [');
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 64, stderr: expect.stringMatching(/could not be read/) });
    expect(stderr).not.toMatch(/0123456789|hidden/);
    rmSync(at('glass.yaml'));
  });
});
