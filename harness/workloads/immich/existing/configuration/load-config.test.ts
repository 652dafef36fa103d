import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { loadConfig } from '../../../../existing/configuration/load-config.ts';
import type { OwnDrill } from '../../../../existing/configuration/plug-in.ts';
import { DrillError } from '../../../../model/error.ts';
import type { DrillConfig } from './schema.ts';

afterEach(() => vi.unstubAllEnvs());

function config(yaml: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'drill-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'password'), 'hidden in a file\n');
  const file = join(folder, 'drills.config.yaml');
  writeFileSync(file, yaml.replaceAll('FOLDER', folder));
  return file;
}

async function problems(yaml: string): Promise<string[]> {
  try {
    await loadConfig(config(yaml));
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(DrillError);
    expect(error).toMatchObject({ blame: 'usage', code: 'config-invalid' });
    return (error as DrillError).what.replace('The configuration is not valid: ', '').split('; ');
  }
}

function configOf(own: OwnDrill | undefined): DrillConfig | undefined {
  return own?.config as DrillConfig | undefined;
}

const GOOD = `
drills:
  mine:
    workload: immich
    library:
      restic: { repository: /backup, password: { file: FOLDER/password }, snapshot: { random: 30d } }
      leavesOut: [thumbs]
    database: { inLibrary: backups }
    objectives: { rpo: 24h }
`;

it('reads secrets from files and from the environment, and never shows them', async () => {
  vi.stubEnv('OWN_KEY', 'hidden in the environment');
  const drills = await loadConfig(
    config(`${GOOD}
  bucket:
    workload: immich
    database:
      bucket: { endpoint: "https://s3.example.org", name: b, accessKey: { env: OWN_KEY }, secretKey: { env: OWN_KEY } }`),
  );
  expect(configOf(drills.mine)?.library?.restic?.password.reveal()).toBe('hidden in a file');
  expect(configOf(drills.bucket)?.database.bucket?.secretKey.reveal()).toBe('hidden in the environment');
  expect(JSON.stringify(drills)).not.toContain('hidden');
});

const SERVER = 'server: { host: nas, user: reader, password: { file: FOLDER/password } }';

it('says everything that is wrong at once, each with its path', async () => {
  const found = await problems(`
drills:
  Mine:
    workload: immich
    database: { inLibrary: backups }
  one:
    workload: photoprism
    libary: {}
    database:
      restic: { repository: "rest:https://me:secret@host/", password: plain, snapshott: latest }
      folder: relative/path
  two:
    workload: immich
    library: { restic: { repository: /r, password: { env: OWN_UNSET }, snapshot: yesterday } }
    database: { inLibrary: ../elsewhere }
    objectives: { rpo: 1 day }
`);
  expect(found).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^drills\.Mine: .*lower-case/),
      expect.stringMatching(/^drills\.one\.workload: /),
      expect.stringMatching(/^drills\.one: .*libary/),
      expect.stringMatching(/^drills\.one\.database\.restic\.repository: has a password in it/),
      expect.stringMatching(/^drills\.one\.database\.restic\.password: .*a secret does not belong into this file/),
      expect.stringMatching(/^drills\.one\.database\.restic: .*snapshott/),
      expect.stringMatching(/^drills\.one\.database\.folder: must be an absolute path/),
      expect.stringMatching(/^drills\.two\.library\.restic\.password: the environment variable OWN_UNSET is not set/),
      expect.stringMatching(/^drills\.two\.library\.restic\.snapshot: must be latest/),
      expect.stringMatching(/^drills\.two\.database\.inLibrary: must not lead out of the backup/),
      expect.stringMatching(/^drills\.two\.objectives\.rpo: is not a duration/),
    ]),
  );
});

it.each([
  [
    'two places',
    '{ folder: /a, inLibrary: b }',
    /needs exactly one of restic, bucket, folder, volumeSnapshot, inLibrary, server; it has folder and inLibrary/,
  ],
  ['no place', '{ dump: "*.sql" }', /it has none/],
  ['a library that is not there', '{ inLibrary: backups }', /there is no library to look into/],
  [
    'a secret among the settings',
    '{ restic: { repository: "s3:https://x/y", password: { file: FOLDER/password }, env: { AWS_SECRET_ACCESS_KEY: abc } } }',
    /AWS_SECRET_ACCESS_KEY: give \{ env/,
  ],
  ['a dump of a server in use', `{ ${SERVER}, dump: x }`, /database\.server: is dumped by the drill itself/],
  [
    'a server of several hosts',
    `{ ${SERVER.replace('nas', '"a,b"')} }`,
    /host: must be the name or the address of one/,
  ],
  [
    'files that are older than the server in use',
    `{ ${SERVER} }, library: { folder: /backup, archive: a.tar }`,
    /library: must be the folder of the running Immich/,
  ],
  ['an age of what the drill makes', `{ ${SERVER} }, objectives: { rpo: 1h }`, /objectives: has an rpo/],
  [
    'a file of a secret that is not there',
    '{ restic: { repository: /r, password: { file: FOLDER/none } } }',
    /cannot be read: ENOENT/,
  ],
])('refuses %s', async (_, database, expected) => {
  const found = await problems(`drills: { one: { workload: immich, database: ${database} } }`);
  expect(found.join('; ')).toMatch(expected);
});

it('says where a file is not YAML, or not there', async () => {
  await expect(loadConfig(config('drills: [a\n b: }'))).rejects.toThrow(/could not be read/);
  await expect(loadConfig('/nowhere/drills.yaml')).rejects.toThrow(/ENOENT/);
});

it('the layouts of the README are configurations, with nothing left to guess', async () => {
  vi.stubEnv('S3_KEY', 'a key').stubEnv('S3_SECRET', 'a secret');
  const readme = readFileSync(join(import.meta.dirname, '../../../../../README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```yaml\n(drills:\n[\s\S]*?)```/g)].map(([, block = '']) => block);
  const layouts = blocks.find((block) => block.includes('restic-folder:')) ?? '';
  const drills = await loadConfig(config(layouts.replaceAll('/etc/restic/password', 'FOLDER/password')));
  expect(Object.keys(drills)).toEqual(['nas', 'compose', 'restic-folder', 's3-mirror', 'archive', 'snapshots']);
  expect(configOf(drills['restic-folder'])?.library?.restic).toMatchObject({ host: 'photos', tags: ['daily'] });
});
