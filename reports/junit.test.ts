import { execa } from 'execa';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { renderXml } from './junit/xml.ts';
import { renderJunit } from './junit.ts';
import { samples } from './samples/samples.ts';
import { WEIRD_TEXT } from './samples/weird.ts';

interface Case {
  readonly '@classname': string;
  readonly '@name': string;
  readonly failure?: { '@type': string; '@message': string; '#text': string };
  readonly error?: { '@type': string; '@message': string; '#text': string };
}

const LISTS = ['testsuite', 'testcase', 'property'];
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  isArray: (name) => LISTS.includes(name),
  parseAttributeValue: false,
  trimValues: false,
});
const xmllint = await execa('xmllint', ['--version'], { reject: false });

function parse(xml: string) {
  const { testsuites } = parser.parse(xml, true);
  const cases: Case[] = testsuites.testsuite.flatMap((suite: { testcase?: Case[] }) => suite.testcase ?? []);
  return { testsuites, cases };
}

describe('JUnit', () => {
  test.each(Object.entries(samples))('"%s" is well-formed', async (_kind, result) => {
    const xml = renderJunit(result);
    expect(xml).not.toMatch(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u);
    const { testsuites, cases } = parse(xml);
    expect(Number(testsuites['@tests'])).toBe(cases.length);
    expect(Number(testsuites['@failures'])).toBe(cases.filter(({ failure }) => failure).length);
    expect(Number(testsuites['@errors'])).toBe(cases.filter(({ error }) => error).length);
  });

  test.each(Object.entries(samples))('"%s" is well-formed to xmllint', async (_kind, result) => {
    if (xmllint.failed) return expect(parse(renderJunit(result)).cases).toBeDefined();
    const lint = await execa('xmllint', ['--noout', '-'], { input: renderJunit(result), reject: false });
    expect(lint.stderr).toBe('');
  });

  test('a pass is green, one test a check', () => {
    const { cases } = parse(renderJunit(samples.passed));
    expect(cases.map((one) => one['@name'])).toEqual(samples.passed.checks.map(({ name }) => name));
    expect(cases.filter(({ failure, error }) => failure || error)).toEqual([]);
  });

  test('a failed check is a failure that names what is wrong', () => {
    const { cases } = parse(renderJunit(samples.failed));
    const files = cases.find(({ failure }) => failure?.['@type'] === 'check');
    expect(files?.['@classname']).toBe('immich-full.library');
    expect(files?.failure?.['#text']).toContain(
      'Ærø & <Sommer> | 夏.webp: expected a file of 48,211 bytes; found missing',
    );
  });

  test('a check that could not look is an error of type unknown, never skipped', () => {
    const xml = renderJunit(samples.unknown);
    expect(xml).not.toContain('<skipped');
    const red = parse(xml).cases.filter(({ error }) => error);
    expect(red.map((one) => [one['@name'], one.error?.['@type']])).toEqual([['keys', 'unknown']]);
  });

  test.each([
    ['harnessFailure', 'harness'],
    ['interrupted', 'interrupted'],
    ['empty', 'unknown'],
  ] as const)('"%s" is red with an error of type %s', (kind, type) => {
    expect(parse(renderJunit(samples[kind])).cases.map(({ error }) => error?.['@type'])).toEqual([type]);
  });

  test('a run whose restore failed is red though no check was run', () => {
    const failures = samples.harnessFailure.failures.map((failure) => ({ ...failure, verdict: 'fail' as const }));
    const { cases } = parse(renderJunit({ ...samples.harnessFailure, verdict: 'fail', exitCode: 1, failures }));
    expect(cases.map(({ failure }) => failure?.['@type'])).toEqual(['service-ended']);
  });

  test('a pass over another exit code is not green', () => {
    const { cases } = parse(renderJunit({ ...samples.passed, exitCode: 70 }));
    expect(cases.filter(({ error }) => error).map((one) => one['@name'])).toEqual(['verdict']);
  });

  test('what was not tested is listed', () => {
    expect(renderJunit(samples.passed)).toContain('- Vector search: The server has no pgvector');
  });

  test('text comes back as it was, without colours and control characters', () => {
    const xml = renderXml({ tag: 'a', attributes: { b: WEIRD_TEXT }, text: WEIRD_TEXT });
    const { a } = parser.parse(xml, true);
    expect(a['#text']).toContain(`<b>&amp;</b> "q" 's' | \`t\` red \uFFFD\uFFFD\uFFFD\uFFFD \uFFFD ]]> </script>`);
    expect(xml).toContain('&quot;&#10;&quot;');
  });
});
