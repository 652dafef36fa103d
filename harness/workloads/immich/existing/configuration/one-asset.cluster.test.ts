import { appendFileSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workplace } from '../../../../cli/testing/workplace.ts';
import { openToolbox } from '../../../../machine/tools/toolbox/toolbox.ts';
import type { RunResult } from '../../../../model/result.ts';
import { dockerWithPostgres } from '../../../../substrates/local/testing/container-image.ts';
import { DATA, noRealLibraries, type Truth } from '../testing/real-library.ts';

const lab = await dockerWithPostgres();
const missing = noRealLibraries() ?? (typeof lab === 'string' ? lab : undefined);
const image = typeof lab === 'string' ? '' : lab.image;
const PASSWORD = 'a password of their own';

describe.skipIf(missing)(`one photo back${missing ? `: ${missing}` : ''}`, () => {
  let place: Workplace;
  let truth: Truth;
  const at = (...parts: string[]) => join(place.folder, ...parts);

  beforeAll(async () => {
    place = new Workplace();
    const source = join(DATA, 'immich-v3.1.0');
    truth = JSON.parse(readFileSync(join(source, 'truth.json'), 'utf8')) as Truth;
    mkdirSync(at('media/data'), { recursive: true });
    await execa('tar', ['--extract', '--file', join(source, 'media.tar.gz'), '--directory', at('media/data')]);
    mkdirSync(at('packed'));
    await execa('tar', [
      '--create',
      '--gzip',
      '--file',
      at('packed/library.tar.gz'),
      '--directory',
      at('media'),
      'data',
    ]);
    const restic = (await (await openToolbox()).provide('restic')).location;
    const env = { RESTIC_REPOSITORY: at('restic'), RESTIC_PASSWORD: PASSWORD };
    await execa(restic, ['init'], { env });
    await execa(restic, ['backup', at('media/data')], { env });
  });

  afterAll(() => place?.[Symbol.dispose]());

  async function ask(library: object, args: string[], password = PASSWORD) {
    const inLibrary = { inLibrary: 'backups' };
    const database = 'archive' in library ? { folder: at('media/data/backups') } : inLibrary;
    const config = { drills: { mine: { workload: 'immich', library, database } } };
    writeFileSync(at('drills.yaml'), JSON.stringify(config));
    const env = { OWN_PASSWORD: password, DRILL_POSTGRES: 'container', DRILL_POSTGRES_IMAGE: image };
    return await place.run(['file', 'mine', '--config', at('drills.yaml'), ...args], { env });
  }

  const restic = () => ({ restic: { repository: at('restic'), password: { env: 'OWN_PASSWORD' } } });

  it('comes out of a restic repository by its id, with its SHA-1 and the time it took', async () => {
    const [asset] = truth.assets;
    const { exitCode, stdout } = await ask(restic(), ['--asset', asset?.id ?? '', '--json']);
    const result = JSON.parse(stdout) as RunResult;
    expect({ exitCode, failures: result.failures }).toEqual({ exitCode: 0, failures: [] });
    expect(result.facts).toMatchObject({ 'SHA-1 of its row': asset?.sha1, path: asset?.path.replace('/data/', '') });
    expect(result.rto.components.library?.seconds).toBeGreaterThan(0);
    const files = readFileSync(join(result.run.folder, 'evidence/after/library/files.ndjson'), 'utf8')
      .trim()
      .split('\n');
    expect(files.filter((line) => line.includes('"type":"file"'))).toHaveLength(1);
  });

  it('comes out of a tar, chosen by chance', async () => {
    const { exitCode, stdout, stderr } = await ask({ folder: at('packed'), archive: 'library.tar.gz' }, ['--random']);
    expect(exitCode, stdout + stderr).toBe(0);
    const [, id] = /YES {2}asset (\S+)/.exec(stdout) ?? [];
    expect(stdout).toContain(truth.assets.find((asset) => asset.id === id)?.sha1 ?? 'no such asset');
    expect(stdout).toMatch(/the file itself took [\d.]+ s; .* restored in \d/);
  });

  it.each([
    ['was lost', (file: string) => rmSync(file)],
    ['has other bytes', (file: string) => appendFileSync(file, 'x')],
    ['is another photo', (file: string) => copyFileSync(at('other'), file)],
  ])('is not back when it %s, and says which', async (_, spoil) => {
    const [asset, other] = truth.assets;
    const path = asset?.path.replace('/data/', '') ?? '';
    cpSync(at('media/data'), at('mirror'), { recursive: true, preserveTimestamps: true });
    copyFileSync(at('mirror', other?.path.replace('/data/', '') ?? ''), at('other'));
    const library = { folder: at('mirror') };
    spoil(at('mirror', path));
    const { exitCode, stdout } = await ask(library, ['--asset', asset?.id ?? '']);
    rmSync(at('mirror'), { recursive: true });
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^\s*NO {2}asset/) });
    expect(stdout).toContain(asset?.id);
    expect(stdout).toContain(path);
  });

  it('is not back when the database does not know it', async () => {
    const { exitCode, stdout } = await ask({ folder: at('media/data') }, ['--asset', crypto.randomUUID()]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/the backup knows no asset/);
  });

  it('is unknown when the password is wrong', async () => {
    const { exitCode, stdout } = await ask(restic(), ['--random'], 'another');
    expect(exitCode, stdout).toBe(2);
    expect(stdout).toMatch(/UNKNOWN[\s\S]*could not be opened with the credentials/);
  });
});
