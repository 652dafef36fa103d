import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { loadConfig } from '../../../../existing/configuration/load-config.ts';
import { DrillError } from '../../../../model/error.ts';
import { Secret } from '../../../../model/secret.ts';
import { rehearsalOf } from './rehearsal-of.ts';
import type { DrillConfig } from './schema.ts';

const SAS = 'sv=2026-01-01&sig=abcdefghijklmnop';

function fileWith(content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'drill-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'drills.config.yaml');
  writeFileSync(file, content);
  return file;
}

function restic(settings: string, repository = 'azure:c:/'): string {
  vi.stubEnv('OWN_PASSWORD', 'the password of it');
  return `drills: { one: { workload: immich, database: { restic: { repository: ${repository}, password: { env: OWN_PASSWORD }, env: { ${settings} } } } } }`;
}

async function configured(file: string): Promise<DrillConfig | undefined> {
  return (await loadConfig(file)).one?.config as DrillConfig | undefined;
}

async function complaint(file: string): Promise<string> {
  try {
    await loadConfig(file);
  } catch (error) {
    expect(error).toBeInstanceOf(DrillError);
    expect(error).toMatchObject({ blame: 'usage' });
    return (error as DrillError).message;
  }
  return '';
}

it('what a tool gets is a secret of the run, unless it is known to be harmless', async () => {
  const config = await configured(
    fileWith(restic(`AZURE_ACCOUNT_SAS: "${SAS}", OTHER: whatever-it-is, AWS_REGION: eu, B: "1"`)),
  );
  const env = config?.database.restic?.env ?? {};
  expect(Object.entries(env).map(([name, value]) => [name, value instanceof Secret])).toEqual([
    ['AZURE_ACCOUNT_SAS', true],
    ['OTHER', true],
    ['AWS_REGION', false],
    ['B', false],
  ]);
  const rehearsal = config && rehearsalOf('one', config);
  expect(rehearsal?.paths.database?.secrets.map((secret) => secret.reveal())).toEqual(
    expect.arrayContaining([SAS, 'whatever-it-is', 'the password of it']),
  );
  expect(JSON.stringify(config)).not.toMatch(/abcdef|whatever/);
});

it.each([
  ['A$(touch x)', /is no name of an environment variable/],
  ['A B', /is no name of an environment variable/],
  ['LD_PRELOAD', /decides which programs run/],
  ['PATH', /decides which programs run/],
  ['NODE_OPTIONS', /decides which programs run/],
  ['BASH_ENV', /decides which programs run/],
  ['RESTIC_PASSWORD_COMMAND', /decides which programs run/],
])('the variable %s is passed on to no tool', async (name, expected) => {
  expect(await complaint(fileWith(restic(`"${name}": "some value"`)))).toMatch(expected);
});

it.each([
  'rest:https://me:se/cr@et@host/repo',
  'rest:https://token@host/repo',
  's3:https://key:secret@host/bucket',
  'sftp://me:secret@host/repo',
])('a repository such as %s is refused, and its password is not shown', async (repository) => {
  const said = await complaint(fileWith(restic('', `"${repository}"`)));
  expect(said).toMatch(/repository: has a password in it/);
  expect(said).not.toMatch(/secret|se\/cr|token/);
});

it.each(['rest:https://host:8000/a@b', 'sftp:me@host:/srv', 's3:https://host:9000/b/@eaDir', '/srv/me:you@home'])(
  'a repository such as %s has none',
  async (repository) => {
    expect(await complaint(fileWith(restic('', `"${repository}"`)))).toBe('');
  },
);

it('user and password in a secret address become secrets of their own', async () => {
  vi.stubEnv('OWN_REPOSITORY', 'rest:https://photo-user:pa%24s-word@host:8000/repo');
  const { repository, env = {} } =
    (await configured(fileWith(restic('', '{ env: OWN_REPOSITORY }'))))?.database.restic ?? {};
  expect(String((repository as Secret).reveal())).toBe('rest:https://host:8000/repo');
  expect(Object.values(env).map((value) => (value as Secret).reveal())).toEqual(['photo-user', 'pa$s-word']);
});

it.each(['https://key:secret@s3.example.org', 'https://token@s3.example.org', 'https://s3.example.org/?sig=secret'])(
  'an endpoint such as %s is refused',
  async (endpoint) => {
    vi.stubEnv('OWN_KEY', 'some key');
    const keys = 'accessKey: { env: OWN_KEY }, secretKey: { env: OWN_KEY }';
    const yaml = `drills: { one: { workload: immich, database: { bucket: { endpoint: "${endpoint}", name: b, ${keys} } } } }`;
    const said = await complaint(fileWith(yaml));
    expect(said).toMatch(/endpoint: /);
    expect(said).not.toMatch(/secret@|token@|sig=/);
  },
);

const BOMB = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, n) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[n]}`).join(',')}]`).join('\n')}\n`;

it.each<[string, string | Uint8Array, RegExp]>([
  ['aliases that blow up', BOMB, /aliases/],
  ['a key that comes twice', 'drills: {}\ndrills: {}\n', /line 2, column 1: a key that is there already/],
  ['a tag', 'drills: !!js/function "x"\n', /a tag/],
  ['a key __proto__', 'drills: { __proto__: { workload: immich } }\n', /__proto__/],
  ['several documents', 'drills: {}\n---\ndrills: {}\n', /more than one document/],
  ['nothing', '', /the file: /],
  ['a number', '7', /the file: /],
  ['bytes that are no text', Buffer.from([0x64, 0xff, 0xfe, 0x00]), /no text in UTF-8/],
  ['10 MB', Buffer.alloc(10 * 1024 ** 2, '#'), /10485760 bytes, more than/],
  ['a line break in a name', 'drills: { one: { workload: "im\\nmich" } }\n', /workload: has a line break/],
  [
    'a thousand mistakes',
    `drills: {${Array.from({ length: 1000 }, (_, n) => ` d${n}: {}`).join(',')} }`,
    /and \d+ more/,
  ],
])('a configuration with %s is a sentence', async (_, content, expected) => {
  const said = await complaint(fileWith(content));
  expect(said).toMatch(expected);
  expect(said.length).toBeLessThan(10_000);
});

it.each(['/dev/zero', '/', '/dev/null/x', 'a pipe'])(
  'a configuration that is %s is a sentence, at once',
  async (what) => {
    const file = what === 'a pipe' ? `${fileWith('')}.pipe` : what;
    if (what === 'a pipe') execFileSync('mkfifo', [file]);
    expect(await complaint(file)).toMatch(/could not be read: /);
  },
);

it.each(['toString', 'constructor', '__proto__'])(
  'there is no drill %s, and no secret in a variable of that name',
  async (name) => {
    expect((await loadConfig(fileWith(restic('A: "1"'))))[name]).toBeUndefined();
    const yaml = `drills: { one: { workload: immich, database: { restic: { repository: /r, password: { env: ${name} } } } } }`;
    expect(await complaint(fileWith(yaml))).toMatch(/is not set/);
  },
);
