import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Volume } from '../../../model/target.ts';
import { neutralizeConfig } from './neutralize-config.ts';

describe('the settings of a physical copy', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'config-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function neutralized(files: Readonly<Record<string, string>>, major = 15): string {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const { program, args } = neutralizeConfig({ path: folder } as Volume, major, 'postgres');
    execFileSync(program, [...args], { cwd: folder });
    return readFileSync(join(folder, 'postgresql.conf'), 'utf8');
  }

  it.each([
    [`shared_preload_libraries = 'vchord.so'`, 'vchord.so'],
    [`shared_preload_libraries = 'vchord.so, vectors.so'\t# both`, 'vchord.so,vectors.so'],
    [`\tSHARED_PRELOAD_LIBRARIES='"vchord","pg_stat_statements"'`, 'vchord'],
    [`shared_preload_libraries = '/tmp/evil/vchord.so'`, ''],
    [`shared_preload_libraries = '../vchord.so,$libdir/vchord'`, ''],
    [`shared_preload_libraries = 'evil_vchord.so, vchord.so.1, xvectors'`, ''],
    [`shared_preload_libraries = 'vchord'\nshared_preload_libraries = ''`, ''],
    ['', ''],
  ])('keep no library but those that are allowed: %s', (line, kept) => {
    expect(neutralized({ 'postgresql.conf': line })).toContain(`\nshared_preload_libraries = '${kept}'\n`);
  });

  it('are the last that were set, and nothing else of them stays', () => {
    const written = neutralized({
      'postgresql.conf': `shared_preload_libraries = 'vchord'\ninclude 'more.conf'\narchive_command = 'x'\n`,
      'postgresql.auto.conf': `shared_preload_libraries = 'vectors'\nrestore_command = 'x'\n`,
      'pg_hba.conf': 'host all all 0.0.0.0/0 trust\n',
      'pg_ident.conf': 'a b c\n',
      'recovery.conf': `restore_command = 'x'\n`,
      'standby.signal': '',
      'recovery.signal': '',
      'postmaster.pid': '1\n',
      tablespace_map: '',
    });
    expect(written).toContain(`shared_preload_libraries = 'vectors'`);
    expect(written).not.toMatch(/include|command/);
    expect(readFileSync(join(folder, 'postgresql.auto.conf'), 'utf8')).toBe('');
    expect(readFileSync(join(folder, 'pg_ident.conf'), 'utf8')).toBe('');
    expect(readFileSync(join(folder, 'pg_hba.conf'), 'utf8')).toBe(
      'local all "postgres" scram-sha-256\nhost all "postgres" 127.0.0.1/32 scram-sha-256\n',
    );
    expect(readdirSync(folder).toSorted()).toEqual([
      ...['drill-takeover', 'pg_hba.conf', 'pg_ident.conf', 'pg_replslot', 'pg_tblspc', 'pg_wal'],
      ...['postgresql.auto.conf', 'postgresql.conf'],
    ]);
  });

  it('keep no replication slot', () => {
    mkdirSync(join(folder, 'pg_replslot/standby'), { recursive: true });
    neutralized({ 'pg_replslot/standby/state': 'x' });
    expect(readdirSync(join(folder, 'pg_replslot'))).toEqual([]);
  });

  it('are those that the version knows', () => {
    expect(neutralized({}, 16)).not.toMatch(/event_triggers|max_active_replication_origins/);
    expect(neutralized({}, 17)).toContain('event_triggers = off');
    expect(neutralized({}, 18)).toContain('max_active_replication_origins = 256');
  });
});
