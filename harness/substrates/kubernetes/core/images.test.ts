import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultS3, IMAGE_ROLES, imageOf, loadImages, roleOf, whyNone } from './images.ts';

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
    expect(() => imageOf(images, 'minio')).toThrow(/public images are gone.*--images.*DRILL_IMAGES/);
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

  it('tells everything that is wrong with a file at once', () => {
    const file = fileWith('postgress: x:1\nshell: 7\nredis: "a b"\naws: registry.example:5000/aws/cli:2@sha256:12\n');
    expect(() => loadImages(file)).toThrow(/redis: "a b" is not .*aws: .*shell: 7 is not .*postgress/);
    const digest = `sha256:${'a'.repeat(64)}`;
    const good = fileWith(`aws: registry.example:5000/aws/cli:2@${digest}\nredis: redis@${digest}\n`);
    expect(loadImages(good)).toMatchObject({ aws: expect.stringContaining('registry'), redis: `redis@${digest}` });
  });

  it('says what serves S3, and why it is not MinIO', () => {
    expect(defaultS3(loadImages(''))).toBe('versitygw');
    expect(whyNone(loadImages(''), 'minio')).toMatch(/archived in 2026.*versitygw is used instead/);
    const own = loadImages(fileWith('minio: mirror.example/minio:1\n'));
    expect([defaultS3(own), whyNone(own, 'minio')]).toEqual(['minio', '']);
  });

  it('knows where programs come from', () => {
    const roles = ['restic', 'pg_verifybackup', 'psql', 'redis-cli', 'sha256sum', 'age'].map(roleOf);
    expect(roles).toEqual(['restic', 'postgres', 'postgres', 'redis', 'shell', 'shell']);
  });
});
