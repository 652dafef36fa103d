import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { DumpReader } from '../../../existing/sources/dump/sql/dump-reader.ts';
import { treat } from '../../../existing/sources/dump/sql/treat-statement.ts';
import { surveyDump } from '../../../existing/sources/dump/survey-dump.ts';
import { DATA } from './testing/real-library.ts';

const AROUND = {
  database: 'my "own"',
  settings: new Set(['work_mem', 'default_tablespace', 'statement_timeout']),
  schemas: new Set(['public', 'a b']),
};

it.skipIf(!existsSync(DATA)).each([
  ['v2.7.5', { tables: 61, indexes: 151, foreignKeys: 60 }, { copy: 61, owners: 88, extensions: 18 }],
  ['v3.1.0', { tables: 66, indexes: 151, foreignKeys: 64 }, { copy: 66, owners: 94, extensions: 18 }],
])('knows every statement of the dump of a real Immich %s', async (version, declared, counts) => {
  const sql = gunzipSync(readFileSync(join(DATA, `immich-${version}/immich.sql.gz`)));
  async function* pieces() {
    for (let at = 0; at < sql.length; at += 65_536) yield sql.subarray(at, at + 65_536);
  }
  expect(await surveyDump(pieces())).toMatchObject({
    complete: true,
    server: '17.11',
    roles: ['postgres'],
    ...declared,
  });
  const seen: Record<string, number> = {};
  const note = (kind: string) => {
    seen[kind] = (seen[kind] ?? 0) + 1;
  };
  for await (const part of new DumpReader(pieces()).parts()) {
    if (part.kind !== 'statement') note(part.kind);
    else {
      const treatment = treat(part.text, AROUND);
      note('skip' in treatment ? treatment.skip : (/^\w+ \w+/.exec(part.text)?.[0] ?? part.text));
    }
  }
  expect(seen).toMatchObject({ ...counts, command: 2, 'CREATE TABLE': declared.tables, 'CREATE FUNCTION': 22 });
  const verbs = Object.keys(seen)
    .filter((kind) => /^[A-Z]+ /.test(kind))
    .map((kind) => kind.split(' ')[0]);
  expect(new Set(verbs)).toEqual(new Set(['ALTER', 'COMMENT', 'CREATE', 'DROP', 'SELECT', 'SET']));
});
