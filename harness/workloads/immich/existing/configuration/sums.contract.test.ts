import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../../../model/result.ts';
import { complaintsOf, saidOf } from '../testing/complaints.ts';
import { drillOwn } from '../testing/drill-own.ts';
import { SyntheticLibrary } from '../testing/synthetic-library.ts';

const LIST = 'checksums.sha256';
/** In seconds since 1970. */
const LAST_YEAR = 1_750_000_000;

let library: SyntheticLibrary;
/** A folder with the library in `data`, and its list beside it. */
let backup: string;

beforeAll(async () => {
  library = await SyntheticLibrary.make(20);
  await library.asSql('sql');
  backup = library.at('weekly');
  await execa('sh', ['-c', 'mkdir "$2" && cp --archive "$1" "$2/data"', 'sh', library.at('media'), backup]);
  await execa('sh', ['-c', `find . -type f ! -name ${LIST} -exec sha256sum {} \\; >${LIST}`], { cwd: backup });
});
afterAll(async () => await library?.[Symbol.asyncDispose]());

async function drill(): Promise<RunResult> {
  return await drillOwn(library.folder, { library: { folder: backup }, database: { folder: library.at('sql') } });
}

function sumsOf({ checks }: RunResult) {
  return checks.find(({ name }) => name === 'sums');
}

describe('a list of digests that was made with a copy of the library', () => {
  it('vouches for every file of it, whatever an older one says', async () => {
    const { stdout: first } = await execa('sh', ['-c', 'find . -name "*.jpg" | head -n 1'], {
      cwd: join(backup, 'data'),
    });
    const older = join(backup, 'data/SHA1SUMS');
    writeFileSync(older, `${'0'.repeat(40)}  ${first}\n`);
    utimesSync(older, LAST_YEAR, LAST_YEAR);
    const result = await drill();
    expect(complaintsOf(result), saidOf(result)).toEqual([]);
    expect(result).toMatchObject({ verdict: 'pass', exitCode: 0 });
    const { stdout } = await execa('sh', ['-c', 'find data -type f | wc -l'], { cwd: backup });
    expect(sumsOf(result)?.actual).toBe(`${Number(stdout) - 1} files as listed`);
  });

  it('tells of a byte that nothing else knows, and of a file that no row speaks of', async () => {
    const { stdout } = await execa('find', [join(backup, 'data'), '-name', '*.xmp']);
    const [sidecar = ''] = stdout.split('\n');
    const { atime, mtime } = statSync(sidecar);
    writeFileSync(sidecar, readFileSync(sidecar, 'utf8').replace(/<\/x:xmpmeta>/, ' </x:xmpmeta>'));
    utimesSync(sidecar, atime, mtime);
    const result = await drill();
    expect(result).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(complaintsOf(result)).toEqual(['sums of library']);
    expect(saidOf(result)).toContain(sidecar.slice(join(backup, 'data/').length));
    rmSync(sidecar);
    expect(saidOf(await drill())).toContain(
      `${sidecar.slice(join(backup, 'data/').length)}: expected a file, as ${LIST}`,
    );
  });
});
