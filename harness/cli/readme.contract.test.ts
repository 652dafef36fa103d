import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Workplace } from './testing/workplace.ts';

const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
const BLOCK = /^```(\w*)\n(.*?)^```$/gms;
const COMMAND = /npm run (?:-s )?(drill|report)(?: -- ([^#>`|\n]*))?/g;
/** What a command line that the program does not know ends with; anything else that it says is about this machine. */
const NOT_UNDERSTOOD =
  /unknown option|unknown command|too many arguments|missing required argument|argument missing|is invalid|not specified/;
const INTERRUPTED = 130;
const ENDS = [0, 1, 2, 64, 130];
/** Long enough that a command line is understood; what it starts then is ended as by Ctrl-C. */
const STARTED_MS = 6_000;
const END_BUDGET_MS = 60_000;

/** Every command of the README, with the words in brackets left out. */
function commands(): string[][] {
  const texts = [...README.matchAll(BLOCK)].filter(([, language]) => language === 'sh').map(([, , text = '']) => text);
  const found = texts.join('\n').matchAll(COMMAND);
  const all = [...found].map(([, script, words = '']) => [
    ...(script === 'report' ? ['report'] : []),
    ...words
      .replaceAll(/\[[^\]]*\]/g, '')
      .trim()
      .split(/\s+/)
      .filter(Boolean),
  ]);
  return [...new Map(all.map((words) => [words.join(' '), words])).values()];
}

/** The first example of a configuration of one's own backups. */
function configuration(): string {
  return (
    [...README.matchAll(BLOCK)].find(([, language, text]) => language === 'yaml' && /^drills:/.test(text ?? ''))?.[2] ??
    ''
  );
}

const place = new Workplace();
writeFileSync(join(place.folder, 'drills.config.yaml'), configuration());
writeFileSync(join(place.folder, 'break-glass.yaml'), 'RESTIC_PASSWORD: "example"\n');
afterAll(() => place[Symbol.dispose]());

describe('the README', () => {
  it('has commands to try, and a configuration', () => {
    expect(commands().length).toBeGreaterThan(15);
    expect(configuration()).toMatch(/^ {2}my-[a-z]+:/m);
  });

  it.each(commands().map((words) => [words.join(' '), words] as const))('drill %s', async (_, words) => {
    // Where there is no Docker and no cluster, a command says so: it was understood.
    const child = place.start(words, { timeout: END_BUDGET_MS, env: { RESTIC_PASSWORD: 'example' } });
    const timer = setTimeout(() => child.kill('SIGINT'), STARTED_MS);
    const { exitCode, signal, stdout, stderr } = await child;
    clearTimeout(timer);
    expect(String(stderr)).not.toMatch(NOT_UNDERSTOOD);
    // Where it only reads, the Ctrl-C that comes after some seconds ends it as it ends any program.
    expect(ENDS, `${stdout}${stderr}`).toContain(signal === 'SIGINT' ? INTERRUPTED : exitCode);
    expect(String(stderr)).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  });
});

it('a command line that is not understood would be seen', async () => {
  const { stderr } = await place.run(['run', 'notes', '--colour']);
  expect(stderr).toMatch(NOT_UNDERSTOOD);
});
