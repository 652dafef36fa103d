import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Attachments } from './attachments.ts';

let parent = '';
let run = '';
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'drill-attachments-'));
  run = join(parent, 'run');
  await mkdir(join(run, 'logs'), { recursive: true });
  await writeFile(join(parent, 'outside.log'), 'not of this run');
  await writeFile(join(run, 'long.log'), `first\n${'x'.repeat(300 * 1024)}\nlast`);
});
afterAll(() => rm(parent, { recursive: true, force: true }));

async function contentOf(path: string, part: 'end' | 'beginning'): Promise<string | undefined> {
  const results = join(parent, 'results');
  const [attachment] = await new Attachments(results, run).file(path, part);
  return attachment && readFile(join(results, attachment.source), 'utf8');
}

describe('attachments', () => {
  test.each(['../outside.log', '/etc/hostname', '', '.', 'logs', 'no-such.log', 'logs/../../outside.log'])(
    '%j is not attached',
    async (path) => {
      await mkdir(join(parent, 'results'), { recursive: true });
      expect(await contentOf(path, 'end')).toBeUndefined();
    },
  );

  test('of a long file the end or the beginning is attached, and it says so', async () => {
    await mkdir(join(parent, 'results'), { recursive: true });
    const end = (await contentOf('long.log', 'end')) ?? '';
    expect(end).toMatch(/^… cut to 262144 of \d+ bytes/);
    expect(end.endsWith('\nlast')).toBe(true);
    const beginning = (await contentOf('long.log', 'beginning')) ?? '';
    expect(beginning.startsWith('first\n')).toBe(true);
    expect(beginning).toContain('… cut to 262144');
  });
});
