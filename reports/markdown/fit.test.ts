import { describe, expect, test } from 'vitest';
import { fitMarkdown } from './fit.ts';

describe('fitting', () => {
  test('what fits stays as it is', () => {
    expect(fitMarkdown('# a\n', 100)).toBe('# a\n');
  });

  test('what is too long is cut at a line, and its open fence is closed', () => {
    const long = `# a\n\n\`\`\`text\n${'line of 夏\n'.repeat(100)}\`\`\`\n`;
    const cut = fitMarkdown(long, 300);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(300);
    expect(cut.match(/^```/gm)).toHaveLength(2);
    expect(cut).toMatch(/line of 夏\n```\n\n_This summary was cut/);
  });
});
