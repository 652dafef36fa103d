import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { expect, test } from 'vitest';
import type { ToolDefinition } from './definition.ts';
import { loadDefinitions } from './definitions.ts';
import { isAccepted } from './probe.ts';
import { inRange } from './version-range.ts';

const tools = await loadDefinitions();

/** First lines that real programs print, and the version that must be read from them. */
const SAID: Record<string, readonly (readonly [string, string])[]> = {
  restic: [['restic 0.18.1 compiled with go1.26.8 on linux/amd64', '0.18.1']],
  versitygw: [
    ['Version  : git\nBuild    : norev', 'git'],
    ['Version  : v1.8.0\nBuild    : 5f3297a', '1.8.0'],
  ],
  minio: [
    ['minio version RELEASE.2025-09-07T16-13-09Z (commit-id=07c3a429)', '2025-09-07T16-13-09Z'],
    ['minio version DEVELOPMENT.GOGET (commit-id=DEVELOPMENT.GOGET)', 'DEVELOPMENT.GOGET'],
  ],
  rclone: [
    ['rclone v1.75.1\n- os/version: debian 12.11 (64 bit)', '1.75.1'],
    ['rclone v1.75.1-DEV\n- os/version: debian', '1.75.1'],
  ],
  aws: [['aws-cli/2.31.0 Python/3.13.7 Linux/6.8 exe/x86_64.debian.12', '2.31.0']],
  age: [
    ['v1.3.2', '1.3.2'],
    ['1.1.1', '1.1.1'],
    ['(devel)', '(devel)'],
  ],
  gpg: [['gpg (GnuPG) 2.2.40\nlibgcrypt 1.10.1', '2.2.40']],
  redis: [
    ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', '7.0.15'],
    ['redis-cli 7.0.15', '7.0.15'],
    ['Valkey server v=8.0.1 sha=00000000:0', '8.0.1'],
  ],
  postgres: [
    ['postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)', '15.18'],
    ['pg_dump (PostgreSQL) 18rc1', '18'],
  ],
  tar: [['tar (GNU tar) 1.34', '1.34']],
  gzip: [['gzip 1.12', '1.12']],
  zstd: [['*** Zstandard CLI (64-bit) v1.5.4, by Yann Collet ***', '1.5.4']],
  curl: [['curl 8.14.1 (x86_64-pc-linux-gnu) libcurl/8.14.1', '8.14.1']],
  jq: [['jq-1.7.1', '1.7.1']],
  perl: [['This is perl 5, version 40, subversion 1 (v5.40.1) built for x86_64-linux-gnu', '5.40.1']],
  shell: [['POSIX', 'POSIX']],
  coreutils: [['sha256sum (GNU coreutils) 9.1', '9.1']],
  findutils: [['find (GNU findutils) 4.9.0', '4.9.0']],
  bubblewrap: [['bubblewrap 0.8.0', '0.8.0']],
  'util-linux': [
    ['setpriv from util-linux 2.38.1', '2.38.1'],
    ['prlimit from util-linux 2.41', '2.41'],
  ],
  kind: [['kind v0.33.0 go1.26.8 linux/amd64', '0.33.0']],
  kubectl: [['Client Version: v1.34.4\nKustomize Version: v5.7.1', '1.34.4']],
  docker: [['Docker version 28.2.2, build e6534b4', '28.2.2']],
};

/** What must not be taken for the tool. */
const FOREIGN: Record<string, string> = {
  tar: 'bsdtar 3.5.3 - libarchive 3.7.4',
  restic: "restic: error while loading shared libraries: libc.so.6: version `GLIBC_2.38' not found",
  redis: 'redis-server: error while loading shared libraries: libjemalloc.so.2: cannot open shared object file',
};

test('every program is brought by one tool', () => {
  const programs = tools.flatMap((tool) => tool.programs);
  expect(programs).toEqual([...new Set(programs)]);
  expect(programs).toEqual(expect.arrayContaining(['restic', 'redis-cli', 'pg_verifybackup', 'age-keygen', 'sh']));
});

test.each(tools.map((tool) => [tool.name, tool] as const))('%s: its version is read and accepted', (name, tool) => {
  const said = SAID[name] ?? [];
  expect(said).not.toEqual([]);
  for (const [line, version] of said) {
    expect(tool.version.pattern.exec(line)?.[1]).toBe(version);
    expect(isAccepted(tool, version)).toBe(true);
  }
  const foreign = FOREIGN[name];
  if (foreign) expect(tool.version.pattern.exec(foreign)).toBeNull();
});

test('what we install ourselves is a version that we accept', () => {
  const pinned = tools.flatMap((tool) => [...releaseOf(tool), ...goOf(tool)]);
  expect(pinned.length).toBeGreaterThan(6);
  for (const { version, tool } of pinned) expect(inRange(version, tool.accepts)).toBe(true);
});

test('a release is pinned for the usual machines, under the version of its tag', () => {
  for (const { release } of tools) {
    if (!release) continue;
    expect(Object.keys(release.assets).sort()).toEqual(['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64']);
    for (const { file, sha256 } of Object.values(release.assets)) {
      // A program that is not packed has its version in its address only.
      if (extname(file) !== '') expect(file).toContain(release.tag.replace(/^v/, ''));
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(new Set(Object.values(release.assets).map(({ sha256 }) => sha256)).size).toBe(4);
  }
});

test('what is built is pinned with all its dependencies', async () => {
  for (const { go } of tools) {
    if (!go) continue;
    const [mod, sum] = await Promise.all(['go.mod', 'go.sum'].map((name) => readFile(new URL(name, go.sums), 'utf8')));
    expect(mod).toContain(`require ${go.module} ${go.version}\n`);
    expect(mod).not.toMatch(/replace|=>/);
    for (const of of ['', '/go.mod']) expect(sum).toContain(`${go.module} ${go.version}${of} h1:`);
  }
});

test('a version below the range is not accepted, nor one that tells nothing', () => {
  const postgres = tools.find(({ name }) => name === 'postgres');
  expect(postgres && isAccepted(postgres, '13.2')).toBe(false);
  expect(postgres && isAccepted(postgres, 'devel')).toBe(false);
});

function releaseOf(tool: ToolDefinition) {
  return tool.release ? [{ tool, version: tool.release.tag }] : [];
}

function goOf(tool: ToolDefinition) {
  return tool.go ? [{ tool, version: tool.go.version }] : [];
}
