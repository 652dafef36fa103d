import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IMAGE_ROLES, imageOf, loadImages, roleOf } from './images.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-images-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fileWith(text: string): string {
  const file = join(folder, 'images.yaml');
  writeFileSync(file, text);
  return file;
}

describe('the image map', () => {
  it('has a public image, pinned by tag, for every role but MinIO', () => {
    const images = loadImages('');
    for (const role of IMAGE_ROLES.filter((one) => one !== 'minio'))
      expect(imageOf(images, role), role).toMatch(/^[\w./-]+:[\w.-]+$/);
    expect(Object.values(images).filter((image) => image.endsWith(':latest'))).toEqual([]);
    expect(() => imageOf(images, 'minio')).toThrow(/public images are gone.*DRILL_IMAGES/);
  });

  it('takes what a file in JSON or YAML names, and public ones for the rest', () => {
    const yaml = loadImages(fileWith('minio: mirror.example/minio:1\n'));
    expect(imageOf(yaml, 'minio')).toBe('mirror.example/minio:1');
    expect(imageOf(yaml, 'restic')).toBe(loadImages('').restic);
    expect(imageOf(loadImages(fileWith('{"shell": "tools:1"}')), 'shell')).toBe('tools:1');
  });

  it.each(['postgress: x:1\n', 'shell: 7\n', '- a\n', 'a: b: c'])('refuses the file %j', (text) => {
    expect(() => loadImages(fileWith(text))).toThrow(/image map .* cannot be used.*Next: make it a map of roles/);
  });

  it('knows where programs come from', () => {
    const roles = ['restic', 'pg_verifybackup', 'psql', 'redis-cli', 'sha256sum', 'age'].map(roleOf);
    expect(roles).toEqual(['restic', 'postgres', 'postgres', 'redis', 'shell', 'shell']);
  });
});
