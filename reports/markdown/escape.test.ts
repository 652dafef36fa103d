import { describe, expect, test } from 'vitest';
import { WEIRD_TEXT } from '../samples/weird.ts';
import { markdownBlock, markdownCode, markdownText } from './escape.ts';

describe('Markdown', () => {
  test('text cannot become markup', () => {
    expect(markdownText('a | b\n**c** <img src=x> [l](u) `d` &amp;')).toBe(
      'a \\| b \\*\\*c\\*\\* &lt;img src=x> \\[l\\](u) \\`d\\` &amp;amp;',
    );
    expect(markdownText(WEIRD_TEXT)).not.toMatch(/[\p{Cc}\u202E]/u);
  });

  test('a code span ends where it should, in a table too', () => {
    expect(markdownCode('a|b')).toBe('`a\\|b`');
    expect(markdownCode('``x`')).toBe('``` ``x` ```');
    expect(markdownCode('')).toBe('');
  });

  test('a block cannot be ended by its lines', () => {
    expect(markdownBlock('a\n````\nb\u001b[31m!\u001b[0m\n')).toBe('`````text\na\n````\nb!\n`````');
  });
});
