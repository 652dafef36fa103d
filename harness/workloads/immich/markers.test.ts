import { expect, test } from 'vitest';
import { file, folder } from '../../checks/testing/entries.ts';
import { EvidenceBuilder } from '../../checks/testing/evidence-builder.ts';
import type { FileEntry } from '../../model/manifest.ts';
import { markers } from './markers.ts';

const FOLDERS = ['upload', 'library', 'thumbs', 'encoded-video', 'profile', 'backups'];
const HEALTHY = FOLDERS.flatMap((name) => [
  folder(name),
  file(`${name}/.immich`, '1785574800000'),
  file(`${name}/a.jpg`),
]);

function judge(files: readonly FileEntry[]) {
  return markers('library').judge(new EvidenceBuilder().list('after', 'library', 'files', files).build());
}

function changed(path: string, change: (entry: FileEntry) => FileEntry) {
  return HEALTHY.map((entry) => (entry.path === path ? change(entry) : entry));
}

test('six markers pass', async () => {
  expect(await judge(HEALTHY)).toMatchObject({ verdict: 'pass', actual: '6 of 6 markers are there and readable' });
});

test.each(FOLDERS)('a marker missing in %s fails, though its folder and other files are there', async (name) => {
  const judgement = await judge(HEALTHY.filter((entry) => entry.path !== `${name}/.immich`));
  expect(judgement.verdict).toBe('fail');
  expect(judgement.findings).toEqual([{ subject: `${name}/.immich`, expected: 'a file', actual: 'missing' }]);
});

test('a marker that is no file, empty or unreadable fails', async () => {
  const broken = [
    await judge(changed('thumbs/.immich', (entry) => folder(entry.path))),
    await judge(changed('thumbs/.immich', (entry) => file(entry.path, ''))),
    await judge(changed('thumbs/.immich', (entry) => ({ ...entry, mode: 0o000 }))),
  ];
  expect(broken.map(({ verdict }) => verdict)).toEqual(['fail', 'fail', 'fail']);
  expect(broken.map(({ findings }) => findings?.[0]?.actual)).toEqual([
    'a directory',
    'an empty file',
    'its owner may not read it (mode 0)',
  ]);
});

test('an empty volume fails with all six', async () => {
  const judgement = await judge([]);
  expect(judgement.verdict).toBe('fail');
  expect(judgement.findings).toHaveLength(6);
});

test('files that nobody observed after the restore are unknown, also when they were before it', async () => {
  const evidence = new EvidenceBuilder().list('before', 'library', 'files', HEALTHY).build();
  expect(await markers('library').judge(evidence)).toMatchObject({ verdict: 'unknown' });
});
