import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Workplace } from './testing/workplace.ts';

it('drill compliance writes all formats, links the evidence, and says when it was changed', async () => {
  using place = new Workplace();
  expect((await place.run(['notes', '--assets', '5'])).exitCode).toBe(0);
  const [id = ''] = place.runs();
  writeFileSync(join(place.folder, 'schedules.yaml'), 'notes: 24h\nphotos-full: 0 3 * * *\n');
  const call = ['compliance', '--since', '30d', '--schedules', 'schedules.yaml', '--out', 'audit'];
  const first = await place.run(call);
  expect(first.exitCode, first.stderr).toBe(0);
  expect(first.stdout.split('\n').map((line) => line.replace(/.*\//, ''))).toEqual([
    ...['compliance.md', 'compliance.json', 'compliance.csv', 'compliance.html'],
  ]);
  const read = (ending: string) => readFileSync(join(place.folder, 'audit', `compliance.${ending}`), 'utf8');
  const [, href = ''] = /<a href="([^"]+)">notes-/.exec(read('html')) ?? [];
  expect(existsSync(join(place.folder, 'audit', href)), href).toBe(true);
  expect(read('md')).toMatch(
    /photos-full, due every 0 3 \\\* \\\* \\\*, did not run 29 of 29 times|did not run \d+ of \d+ times/,
  );
  expect(JSON.parse(read('json'))).toMatchObject({
    schemaVersion: 1,
    history: { state: 'whole', records: 1 },
    evidence: [{ entry: { run: { id } }, evidence: 'unchanged' }],
  });
  expect(read('csv')).toContain(`,${id},notes,local,`);

  appendFileSync(join(place.folder, 'runs', id, 'result.json'), ' ');
  const changed = await place.run(['compliance', '--format', 'json']);
  expect(JSON.parse(changed.stdout)).toMatchObject({ evidence: [{ evidence: 'changed' }] });
  const file = join(place.folder, 'state', 'history.jsonl');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"verdict":"pass"', '"verdict":"fail"'));
  const tampered = await place.run(['compliance']);
  expect(tampered.exitCode).toBe(1);
  expect(tampered.stdout).toMatch(/history was tampered with, in line 1/);
  expect((await place.run(['compliance', '--since', 'once'])).exitCode).toBe(64);
  expect((await place.run(['compliance', '--schedule', 'notes=now'])).exitCode).toBe(64);
});
