import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';
import { DrillError } from './error.ts';
import { compareBytes } from './manifest.ts';
import { maskSecrets, Secret } from './secret.ts';
import { type Volume, World } from './target.ts';
import { combineVerdicts } from './verdict.ts';

describe('combineVerdicts', () => {
  it('lets fail win over unknown and unknown over pass, and nothing is unknown', () => {
    expect(combineVerdicts(['pass', 'unknown', 'fail'])).toBe('fail');
    expect(combineVerdicts(['pass', 'unknown'])).toBe('unknown');
    expect(combineVerdicts(['pass', 'pass'])).toBe('pass');
    expect(combineVerdicts([])).toBe('unknown');
  });
});

describe('durations', () => {
  it('are read in parts and refused when anything else is in them', () => {
    expect(parseDuration('2h')).toBe(7200);
    expect(parseDuration('1h30m')).toBe(5400);
    expect(parseDuration('1.5h')).toBe(5400);
    expect(parseDuration('500ms')).toBe(0.5);
    for (const bad of ['', '2', 'h', '2 hours', '-2h', '2h x', 'x 2h', '2h-'])
      expect(parseDuration(bad), bad).toBeUndefined();
  });

  it('are written in the largest units that matter', () => {
    expect([0.42, 9.96, 12, 185, 7800, 360_000].map(formatDuration)).toEqual([
      '0.4 s',
      '10 s',
      '12 s',
      '3 min 05 s',
      '2 h 10 min',
      '4 d 4 h',
    ]);
  });
});

describe('compareBytes', () => {
  it('orders as UTF-8 bytes do, where UTF-16 does not', () => {
    const words = [
      'a',
      'a.txt',
      'a/b',
      'é',
      'e\u0301',
      '\uffff',
      '😀',
      'Z',
      '',
      '\ud7ff',
      '\ue000',
      'ab',
      '😀a',
      '\u{10ffff}',
    ];
    const byBytes = words.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(words.toSorted(compareBytes)).toEqual(byBytes);
    expect(words.toSorted()).not.toEqual(byBytes);
  });
});

describe('Secret', () => {
  it('does not show in text, JSON or templates, only when it is asked to', () => {
    const secret = new Secret('password', 'hunter2-hunter2');
    expect(`${secret} ${JSON.stringify({ secret })} ${String(secret)}`).not.toContain('hunter2');
    expect(secret.reveal()).toBe('hunter2-hunter2');
  });

  it('is masked whole, also when another secret is a part of it', () => {
    const secrets = [new Secret('short', 'abc'), new Secret('long', 'abcdef')];
    expect(maskSecrets('x abcdef y abc', secrets)).toBe('x *** y ***');
    expect(maskSecrets('nothing', [new Secret('empty', '')])).toBe('nothing');
  });
});

describe('World', () => {
  it('says what it has when it is asked for what it has not', () => {
    const volume = { kind: 'volume', name: 'library' } as Volume;
    const world = new World([['library', volume]]);
    expect(world.volume('library')).toBe(volume);
    expect(() => world.target('nothing')).toThrow('only library');
    expect(() => world.database('library')).toThrow('of kind volume');
  });
});

describe('DrillError', () => {
  it('says where, what and what to do next', () => {
    const error = new DrillError({
      code: 'x',
      where: 'path/restic',
      what: 'It broke.',
      next: 'mend it.',
      blame: 'backup',
    });
    expect(error.message).toBe('[path/restic] It broke. Next: mend it.');
  });
});
