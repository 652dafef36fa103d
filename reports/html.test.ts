import { describe, expect, test } from 'vitest';
import { renderHtml } from './html.ts';
import { samples } from './samples/samples.ts';

describe('report.html', () => {
  test.each(Object.entries(samples))('"%s" loads nothing, runs nothing and balances its tags', (_kind, result) => {
    const html = renderHtml(result);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
    expect(html.match(/<script|<img|<iframe|\ssrc=|url\(|@import|https?:\/\/|\son[a-z]+=/g)).toBeNull();
    expect(unbalanced(html)).toEqual([]);
    expect(html).not.toMatch(/[\p{Cc}--[\n]]/v);
  });

  test('it says the verdict first, in words, and what to do', () => {
    const html = renderHtml(samples.failed);
    expect(html).toContain('<title>FAIL: immich-full</title>');
    expect(html).toContain('Do not rely on these backups: 2 of 19 checks failed, in library and overall.');
    expect(html).toContain('<code>upload/5f0c/77/1a/Ærø &amp; &lt;Sommer&gt; | 夏.webp</code>');
    expect(html.indexOf('what to do next')).toBeLessThan(html.indexOf('What was checked'));
  });

  test('the bar of the RTO has a part for each phase, as long as it took', () => {
    const html = renderHtml(samples.passed);
    expect(html).toContain('aria-label="provision 1.9 s, fetch 4.6 s, load 4.3 s, ready 1.6 s"');
    expect(html).toContain('<span class="fetch" style="width:37.10%"');
  });

  test('without a time there is no bar', () => {
    expect(renderHtml(samples.interrupted)).not.toContain('class="bars"');
  });
});

/** The tags that are closed in another order than they were opened. */
function unbalanced(html: string): string[] {
  const open: string[] = [];
  const body = html.replace(/<style>[\s\S]*?<\/style>/, '');
  for (const [, slash, tag = ''] of body.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (['meta', 'link'].includes(tag)) continue;
    if (!slash) open.push(tag);
    else if (open.pop() !== tag) return [tag];
  }
  return open;
}
