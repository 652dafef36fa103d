import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workplace } from './cli/testing/workplace.ts';
import type { RunResult } from './model/result.ts';

const ROOT = join(import.meta.dirname, '..');

/** What somebody else writes beside the product: none of its files is changed. */
const WORKLOAD = `
import { files } from '${ROOT}/harness/checks/files.ts';
import { gone } from '${ROOT}/harness/checks/gone.ts';
import { identity } from '${ROOT}/harness/checks/identity.ts';
import { inventory } from '${ROOT}/harness/checks/inventory.ts';
import { ready } from '${ROOT}/harness/checks/ready.ts';
import { createHash } from 'node:crypto';
import { everyPage } from './every-page.ts';

export const COMPONENTS = [
  { name: 'pages', kind: 'volume', title: 'Pages', regenerable: [] },
  { name: 'index', kind: 'volume', title: 'Index, a file of text', regenerable: [], holdsRows: true },
];

const sha1Of = (text) => createHash('sha1').update(text).digest('hex');

/** One line a page: its path and the SHA-1 of what it says. */
export async function rowsOf(world) {
  const text = Buffer.from(await world.volume('index').read('rows.txt')).toString('utf8');
  return text.trim().split('\\n').map((line) => line.split(' '));
}

export async function* referencesOf(world) {
  for (const [path, sha1] of await rowsOf(world))
    yield { path, component: 'pages', owner: 'row ' + path, sha1, sizeBytes: -1, regenerable: false };
}

export async function readyOf(world) {
  const [[first]] = await rowsOf(world);
  return { ready: await world.volume('pages').has(first), saw: 'the first page is ' + first };
}

export function wiki({ pages = 6, seed = 1 } = {}) {
  return {
    name: 'wiki',
    version: 'v1.0.0',
    scale: { pages, seed },
    scaleOptions: [
      { name: 'pages', help: 'pages of the wiki', least: 1 },
      { name: 'seed', help: 'the same number gives the same pages', least: 0 },
    ],
    counted: 'pages',
    smallest: { pages: 3 },
    components: COMPONENTS,
    backupOrder: ['index', 'pages'],
    restoreOrder: ['pages', 'index'],
    checks: [files('pages'), files('index'), inventory('index'), everyPage(), gone(), identity(), ready()],
    resized: (changes) => wiki({ pages, seed, ...changes }),
    estimate: () => ({ sizeBytes: pages * 4096, files: pages }),
    seed: async (world, progress) => {
      const rows = [];
      for (let page = 1; page <= pages; page += 1) {
        const path = 'p/' + String(page).padStart(4, '0') + '.txt';
        const text = 'page ' + page + ' of seed ' + seed;
        await world.volume('pages').write(path, Buffer.from(text));
        rows.push(path + ' ' + sha1Of(text));
        progress(page, pages);
      }
      await world.volume('index').write('rows.txt', Buffer.from(rows.join('\\n')));
      return { facts: { pages }, notTested: [] };
    },
    write: async (world, sequence) => {
      const key = 'live/' + sequence + '.txt';
      await world.volume('pages').write(key, Buffer.from('live ' + sequence));
      return [{ component: 'pages', key }];
    },
    references: referencesOf,
    inventory: async (world) => [{ label: 'pages', count: (await rowsOf(world)).length }],
    ready: readyOf,
  };
}
`;

const CHECK = `
/** Every row of the index has its page, with the bytes that the row knows. */
export function everyPage() {
  return {
    name: 'every-page',
    component: 'pages',
    proves: 'Every row of the index has its page.',
    judge: async (evidence) => {
      const found = new Map();
      const [files, rows] = [evidence.list('after', 'pages', 'files'), evidence.list('after', 'index', 'references')];
      if (!files || !rows) return { verdict: 'unknown', expected: 'a page a row', actual: 'nobody could look' };
      for await (const { path, sha1 } of files) found.set(path, sha1);
      const findings = [];
      let count = 0;
      for await (const { path, sha1 } of rows) {
        count += 1;
        if (found.get(path) !== sha1) findings.push({ subject: path, expected: sha1, actual: found.get(path) ?? 'missing' });
      }
      const verdict = count === 0 ? 'unknown' : findings.length > 0 ? 'fail' : 'pass';
      return { verdict, expected: 'a page a row', actual: findings.length + ' of ' + count + ' are wrong', findings };
    },
  };
}
`;

const PATH = `
import { receiptOf } from '${ROOT}/harness/paths/objects/stored-files.ts';
import { openTransfer } from '${ROOT}/harness/paths/objects/transfer.ts';

/** Copies every file to the store; \`loses\` is the sabotage. */
export function copyAll({ loses } = {}) {
  return {
    name: 'copy-all',
    protects: 'volume',
    programs: [],
    oneOf: ['rclone', 'aws'],
    promises: {
      keeps: { mode: false, owner: false, mtime: false, emptyFolders: false },
      leavesOut: [],
      quiesce: false,
    },
    options: {},
    backup: async (context) => {
      const startedAt = new Date();
      const transfer = await openTransfer(context);
      const prefix = 'copies/' + context.component;
      const report = await context.run({
        name: context.component + '.backup',
        volumes: [{ volume: context.source, readOnly: true }],
        steps: () => [transfer.uploadFolder(context.source.path, prefix)],
      });
      return receiptOf(context, 'copy-all', startedAt, [report], { id: prefix, objects: [], details: { prefix } });
    },
    restore: async ({ receipt, target, ...context }) => {
      const transfer = await openTransfer(context);
      await context.run({
        name: context.component + '.restore',
        volumes: [{ volume: target }],
        steps: () => [transfer.downloadFolder(String(receipt.details.prefix), target.path)],
      });
      if (loses) await target.remove(loses);
    },
    retain: async (_context, _retention, receipts) => receipts.map(({ id }) => id),
  };
}
`;

function drill(name: string, pages: string): string {
  return `
import { loseEverything } from '${ROOT}/harness/disasters/lose-everything.ts';
import { copyAll } from '../copy-all.ts';
import { wiki } from '../wiki.ts';

export default {
  name: '${name}',
  claim: 'The wiki comes back',
  workload: wiki(),
  paths: { pages: ${pages}, index: copyAll() },
  disaster: loseEverything(),
};
`;
}

const EXISTING = `
import { z } from '${ROOT}/node_modules/zod/index.js';
import { folderPlace } from '${ROOT}/harness/existing/places/folder-place.ts';
import { filesSource } from '${ROOT}/harness/existing/sources/files.ts';
import { everyPage } from '../../every-page.ts';
import { COMPONENTS, readyOf, referencesOf, rowsOf } from '../../wiki.ts';

const schema = z.strictObject({ workload: z.literal('wiki'), pages: z.string(), index: z.string() });

const source = (folder) => filesSource(folderPlace(folder), { root: '', marks: [], leavesOut: [] });

export const existing = {
  schema,
  placesOf: ({ pages, index }) => ({ pages: { folder: pages }, index: { folder: index } }),
  rehearsalOf: (name, { pages, index }) => ({
    name,
    claim: 'These backups restore to a whole wiki',
    workload: {
      name: 'wiki',
      version: 'of an unknown version',
      components: COMPONENTS,
      restoreOrder: ['pages', 'index'],
      checks: [everyPage()],
      references: referencesOf,
      inventory: async (world) => [{ label: 'pages', count: (await rowsOf(world)).length }],
      inspect: async (world) => ({ version: 'v1', facts: { pages: (await rowsOf(world)).length }, notTested: [], sightings: [] }),
      looksAt: async () => ({ needed: [], neededWords: 'nothing', wanted: [] }),
      ready: readyOf,
    },
    paths: { pages: source(pages), index: source(index) },
    readsFrom: [pages, index],
  }),
};
`;

function sha1Of(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

let place: Workplace;

beforeEach(() => {
  place = new Workplace();
  const write = (file: string, text: string) => writeFileSync(join(place.folder, file), text);
  write('wiki.ts', WORKLOAD);
  write('every-page.ts', CHECK);
  write('copy-all.ts', PATH);
  write('drills/wiki-full.drill.ts', drill('wiki-full', 'copyAll()'));
  write('drills/wiki-lossy.drill.ts', drill('wiki-lossy', `copyAll({ loses: 'p/0003.txt' })`));
  mkdirSync(join(place.folder, 'workloads/wiki'), { recursive: true });
  write('workloads/wiki/existing.ts', EXISTING);
});

afterEach(() => place[Symbol.dispose]());

async function verdictOf(args: string[]): Promise<{ exitCode: number | undefined; result: RunResult; stderr: string }> {
  const { exitCode, stdout, stderr } = await place.run([...args, '--json']);
  expect(stdout, stderr).not.toBe('');
  return { exitCode, stderr, result: JSON.parse(stdout) as RunResult };
}

function failed({ checks }: RunResult): string[] {
  return checks.filter(({ verdict }) => verdict === 'fail').map(({ name, component }) => `${name} of ${component}`);
}

describe('a workload, a check and a path that lie beside the product', () => {
  it('are drilled, with the options that the workload brings', async () => {
    expect((await place.run(['list'])).stdout).toMatch(/wiki-full +The wiki comes back/);
    const { exitCode, result, stderr } = await verdictOf(['wiki-full', '--pages', '9']);
    expect({ failed: failed(result), failures: result.failures, exitCode }).toEqual({
      failed: [],
      failures: [],
      exitCode: 0,
    });
    expect(stderr).toMatch(/9 pages in/);
    expect(result).toMatchObject({
      verdict: 'pass',
      drill: { workload: { name: 'wiki', scale: { pages: 9, seed: 1 } } },
    });
    expect(result.checks.find(({ name }) => name === 'every-page')).toMatchObject({ actual: '0 of 9 are wrong' });
    expect(await place.run(['wiki-full', '--assets', '9'])).toMatchObject({ exitCode: 64 });
  });

  it('fail when the path loses a file', async () => {
    const { exitCode, result } = await verdictOf(['wiki-lossy']);
    expect({ exitCode, verdict: result.verdict }).toEqual({ exitCode: 1, verdict: 'fail' });
    expect(failed(result)).toEqual(expect.arrayContaining(['files of pages', 'every-page of pages']));
    const { findings } = result.checks.find(({ name }) => name === 'every-page') ?? { findings: [] };
    expect(findings.map(({ subject }) => subject)).toEqual(['p/0003.txt']);
  });
});

const PAGE = 'a page';

describe('backups of a workload that lies beside the product', () => {
  it('are described in the configuration, drilled, and refused where they are not understood', async () => {
    const at = (...parts: string[]) => join(place.folder, ...parts);
    for (const folder of ['backup/pages/p', 'backup/index']) mkdirSync(at(folder), { recursive: true });
    writeFileSync(at('backup/pages/p/1.txt'), PAGE);
    writeFileSync(at('backup/index/rows.txt'), `p/1.txt ${sha1Of(PAGE)}\n`);
    cpSync(at('backup'), at('bad'), { recursive: true });
    writeFileSync(at('bad/index/rows.txt'), `p/1.txt ${sha1Of('another page')}\n`);
    const wiki = (folder: string) => ({ workload: 'wiki', pages: at(folder, 'pages'), index: at(folder, 'index') });
    const config = (drills: object) => writeFileSync(at('drills.config.yaml'), JSON.stringify({ drills }));
    const run = ['run', 'mine', '--config', 'drills.config.yaml'];

    config({ mine: wiki('backup') });
    const good = await verdictOf(run);
    expect({ failures: good.result.failures, exitCode: good.exitCode }).toEqual({ failures: [], exitCode: 0 });
    config({ mine: wiki('bad') });
    expect(await verdictOf(run)).toMatchObject({ exitCode: 1, result: { verdict: 'fail' } });
    config({ mine: { ...wiki('backup'), pagess: 'x' }, other: { workload: 'blog' } });
    const { exitCode, stderr } = await place.run(run);
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(/drills\.mine: .*pagess/);
    expect(stderr).toMatch(/drills\.other\.workload: .*expected one of "\w+"\|"wiki"/);
    config({ mine: wiki('backup') });
    expect(await place.run(['file', 'mine', '--config', 'drills.config.yaml'])).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining('it has no way for a single file'),
    });
  });
});
