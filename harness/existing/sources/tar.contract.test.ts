import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Receipt } from '../../model/path.ts';
import type { SourceContext } from '../../model/source.ts';
import type { Volume } from '../../model/target.ts';
import { type LocalForTest, openLocalForTest } from '../../substrates/local/testing/open-local.ts';
import { folderPlace } from '../places/folder-place.ts';
import { tarSource } from './tar.ts';
import { sourceContext } from './testing/restore-dump.ts';

let local: LocalForTest;
let count = 0;

beforeAll(async () => {
  local = await openLocalForTest();
});
afterAll(async () => {
  await local?.[Symbol.asyncDispose]();
});

/** An archive in a folder of its own, with the list that `sums` makes of the archive's digest. */
async function backup(name: string, list: string, sums: (digest: string) => string): Promise<string> {
  count += 1;
  const folder = join(local.folder, `backup-${count}`);
  mkdirSync(join(folder, 'made/data/upload'), { recursive: true });
  writeFileSync(join(folder, 'made/data/upload/a.jpg'), 'a photo');
  const archive = join(folder, name);
  await execa('tar', ['--create', '--gzip', '--file', archive, '--directory', join(folder, 'made'), 'data']);
  writeFileSync(join(folder, list), sums(createHash('sha256').update(readFileSync(archive)).digest('hex')));
  return folder;
}

async function restore(folder: string, file: string): Promise<{ readonly receipt: Receipt; readonly target: Volume }> {
  const source = tarSource(folderPlace(folder), { file, folder: '', marks: ['upload'], leavesOut: [] });
  const target = await local.substrate.volume(`target-${count}`);
  const context = { ...sourceContext(local), target } as unknown as SourceContext<'volume'>;
  return { receipt: await source.restore(context), target };
}

describe('a library in one archive', () => {
  it.each([
    [
      'a list of what is inside of it',
      'library.tar.gz',
      'checksums.sha256',
      () => `${'0'.repeat(64)}  ./upload/a.jpg\n`,
      false,
    ],
    [
      'a list that knows another of a longer name',
      'library.tar.gz',
      'SHA256SUMS',
      () => `${'0'.repeat(64)}  old-library.tar.gz\n`,
      false,
    ],
    ['a list with it', 'library.tar.gz', 'SHA256SUMS', (digest: string) => `${digest} *library.tar.gz\n`, true],
    ['a name with "sums" in it', 'sums.tar.gz', 'SHA256SUMS', (digest: string) => `${digest}  ./sums.tar.gz\n`, true],
    ['the name that we give to lists', 'sums', 'sums.sha256', (digest: string) => `${digest}  /mnt/b/sums\n`, true],
  ])('with %s comes back', async (_, name, list, sums, verified) => {
    const { receipt, target } = await restore(await backup(name, list, sums), name);
    expect(Buffer.from(await target.read('upload/a.jpg')).toString()).toBe('a photo');
    expect(receipt.details).toMatchObject({ checksums: list, verified });
  });

  it('with other bytes than its list says is refused', async () => {
    const folder = await backup('sums.tar.gz', 'SHA256SUMS', () => `${'0'.repeat(64)}  sums.tar.gz\n`);
    await expect(restore(folder, 'sums.tar.gz')).rejects.toMatchObject({
      blame: 'backup',
      tail: expect.stringContaining('the SHA-256 of the archive is another'),
    });
  });

  it('from before 1970 is found', async () => {
    const folder = await backup('library.tar.gz', 'SHA256SUMS', (digest) => `${digest}  library.tar.gz\n`);
    await execa('touch', ['--date=1960-01-01T00:00:00.25Z', join(folder, 'library.tar.gz')]);
    const { receipt } = await restore(folder, 'library.tar.gz');
    expect(receipt.startedAt).toBe('1960-01-01T00:00:00.250Z');
  });
});
