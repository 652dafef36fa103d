import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { renderJson } from './json.ts';
import { samples } from './samples/samples.ts';
import { resultJsonSchema } from './schema/json-schema.ts';

const published = JSON.parse(await readFile(join(import.meta.dirname, 'result.schema.json'), 'utf8'));
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(published);
const { weird: _noNumbers, ...valid } = samples;

describe('result.json', () => {
  test('the published schema is the one of the code; otherwise: node reports/schema/publish.ts', () => {
    expect(published).toEqual(JSON.parse(resultJsonSchema()));
  });

  test.each(Object.entries(valid))('the result "%s" fits the published schema', (_kind, result) => {
    validate(JSON.parse(renderJson(result)));
    expect(validate.errors ?? []).toEqual([]);
  });

  test('it says all that the result says', () => {
    expect(JSON.parse(renderJson(samples.failed))).toEqual(samples.failed);
  });

  test.each([
    ['another verdict', { verdict: 'green' }],
    ['a verdict left out', { verdict: undefined }],
    ['a key too many', { colour: 'red' }],
    ['a time that is text', { rto: { ...samples.passed.rto, seconds: '12' } }],
    ['a check without evidence', { checks: [{ ...samples.passed.checks[0], evidence: undefined }] }],
    ['another version', { schemaVersion: 2 }],
    ['a phase that there is not', { run: { ...samples.passed.run, phaseReached: 'lunch' } }],
  ])('%s does not fit', (_what, change) => {
    expect(validate(JSON.parse(JSON.stringify({ ...samples.passed, ...change })))).toBe(false);
  });
});
