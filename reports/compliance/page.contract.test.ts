import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe, { type AxeResults } from 'axe-core';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyHistory } from '../history/verify.ts';
import { SampleHistory } from '../samples/history.ts';
import { sampleNights } from '../samples/nights.ts';
import { complianceOf } from './compliance.ts';
import { renderComplianceHtml } from './html.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const WIDTHS = { phone: 390, desktop: 1280 };
const SCHEMES = ['light', 'dark'] as const;
const LOOKS = Object.entries(WIDTHS).flatMap(([device, width]) => SCHEMES.map((scheme) => ({ device, width, scheme })));
const UNTIL = new Date('2026-03-31T12:00:00Z');
const NIGHTS = 60;

describe('the page for auditors in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drill-page-'));
  let browser: Browser | undefined;

  beforeAll(async () => {
    if (CHROMIUM === undefined) return;
    // Root has no sandbox; the page is our own, and loads nothing.
    const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
    browser = await puppeteer.launch({ executablePath: CHROMIUM, args, userDataDir: join(folder, 'profile') });
    using history = await new SampleHistory().add(...sampleNights(UNTIL, NIGHTS));
    const demands = {
      since: new Date('2026-01-01T00:00:00Z'),
      until: UNTIL,
      schedules: [{ drill: 'immich-full', when: '24h' }],
      evidenceOf: () => 'unchanged' as const,
    };
    const report = complianceOf(verifyHistory(await history.store.read()), demands);
    writeFileSync(
      join(folder, 'page.html'),
      renderComplianceHtml(report, () => 'runs/report.html'),
    );
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(width: number, scheme: string): Promise<Page> {
    if (!browser) throw new Error('there is no browser');
    const page = await browser.newPage();
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    // axe is put in from outside, which the page's own policy forbids.
    await page.setBypassCSP(true);
    await page.goto(pathToFileURL(join(folder, 'page.html')).href);
    return page;
  }

  async function troubles(page: Page): Promise<string[]> {
    await page.evaluate(axe.source);
    const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
    return violations.flatMap(({ id, impact, nodes }) =>
      nodes.map(({ html }) => `${impact} ${id}: ${html.slice(0, 200)}`),
    );
  }

  it.for(LOOKS)('has nothing that axe objects to on a $device, $scheme', async ({ width, scheme }, ctx) => {
    if (!browser) return ctx.skip('there is no Chromium on this machine');
    const page = await open(width, scheme);
    expect(await troubles(page)).toEqual([]);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow, 'only tables are scrolled sideways').toBe(0);
    await page.close();
  });

  it('has charts in colours that can be seen, each once', async (ctx) => {
    if (!browser) return ctx.skip('there is no Chromium on this machine');
    for (const { width, scheme } of LOOKS) {
      const page = await open(width, scheme);
      const seen = await page.evaluate(`[...document.querySelectorAll('figure')].map((figure) => {
        const shown = [...figure.querySelectorAll('svg')].filter((svg) => svg.getBoundingClientRect().width > 0);
        const strokes = shown.flatMap((svg) => [...svg.querySelectorAll('path,rect')].map((one) => getComputedStyle(one).stroke));
        return { charts: shown.length, unset: strokes.filter((stroke) => stroke.includes('var(')).length };
      })`);
      expect(seen).toEqual([1, 2, 3].map(() => ({ charts: 1, unset: 0 })));
      await page.close();
    }
  });

  it('is looked at by an axe that finds what is wrong', async (ctx) => {
    if (!browser) return ctx.skip('there is no Chromium on this machine');
    const page = await open(WIDTHS.phone, 'light');
    await page.evaluate(`document.querySelector('.scroll').removeAttribute('tabindex');
      document.querySelector('.note').style.color = '#ccc'; document.title = '';`);
    const found = (await troubles(page)).join('\n');
    expect(found).toMatch(/scrollable-region-focusable/);
    expect(found).toMatch(/color-contrast/);
    expect(found).toMatch(/document-title/);
    await page.close();
  });
});
