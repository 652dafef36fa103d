import { cpSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LiveServer, stateOf } from '../../../../existing/sources/testing/live-server.ts';
import { openToolbox } from '../../../../machine/tools/toolbox/toolbox.ts';
import { drillOwn } from '../testing/drill-own.ts';
import { SyntheticLibrary } from '../testing/synthetic-library.ts';

const ASSETS = 40;

describe('a drill of a physical copy', () => {
  let library: SyntheticLibrary;
  let live: LiveServer;

  beforeAll(async () => {
    library = await SyntheticLibrary.make(ASSETS);
    live = await LiveServer.start();
    await live.query('postgres', 'CREATE DATABASE immich');
    const restore = (await (await openToolbox()).provide('pg_restore')).location;
    const to = ['--host=127.0.0.1', `--port=${live.port}`, '--username=postgres', '--dbname=immich'];
    await execa(restore, [...to, '--exit-on-error', library.at('dumps', 'immich.dump')]);
    await live.baseBackup('copy');
  }, 180_000);

  afterAll(async () => {
    await live?.[Symbol.asyncDispose]();
    await library?.[Symbol.asyncDispose]();
  });

  const drill = (path: string) =>
    drillOwn(library.folder, {
      library: { folder: library.at('media') },
      database: { folder: live.folder, path, baseBackup: {} },
    });

  function changed(name: string, change: (path: string) => void): string {
    const path = join(live.folder, name);
    cpSync(join(live.folder, 'copy'), path, { recursive: true, preserveTimestamps: true });
    change(path);
    return name;
  }

  it('passes when it is healthy, and leaves the copy as it was', async () => {
    const before = stateOf(join(live.folder, 'copy'));
    const result = await drill('copy');
    expect(result.failures).toEqual([]);
    expect(result.checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(result).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(stateOf(join(live.folder, 'copy'))).toEqual(before);
  });

  it('fails when its log is missing', async () => {
    const path = changed('cut', (copy) => {
      rmSync(join(copy, 'pg_wal'), { recursive: true });
    });
    expect(await drill(path)).toMatchObject({
      ...{ verdict: 'fail', exitCode: 1 },
      failures: [{ code: 'copy-not-recovered', component: 'database' }],
    });
  });

  it('is unknown when something in it leads out of it', async () => {
    const path = changed('leading-out', (copy) => symlinkSync(library.at('media'), join(copy, 'base/media')));
    const before = stateOf(library.at('media'));
    expect(await drill(path)).toMatchObject({
      ...{ verdict: 'unknown', exitCode: 2 },
      failures: [{ code: 'copy-not-plain', component: 'database' }],
    });
    expect(stateOf(library.at('media'))).toEqual(before);
  });
});
