import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ManifestLine } from '../../functions/core/manifest.ts';
import type { Receipt } from '../../functions/core/receipt.ts';
import { renderReport } from '../../functions/core/report-page.ts';
import { aRecipe } from '../fakes/builders.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
if (!executablePath) console.log('Skipped: no Chromium on this machine (Debian: `apt-get install chromium`).');

const line = (index: number, prompt: string, more: Partial<ManifestLine> = {}): ManifestLine => ({
  ...aRecipe({ prompt, seed: index }),
  hash: String(index).repeat(64).slice(0, 64),
  status: 'delivered',
  reused: false,
  key: `images/${index}.png`,
  ...more,
});

const manifest = [
  line(1, '<script>document.title = "spoofed"</script>'),
  line(2, 'دائرة حمراء 🦊'),
  line(3, `"><img src=x onerror="document.title='spoofed'">`),
  line(5, `</textarea></title></style><script>document.title = 'spoofed'</script>`),
  line(6, '../../x'),
  line(7, 'safe \u202egnp.exe \u2066 open'),
  line(8, `' onload="document.title='spoofed'" x='`),
  line(4, 'a lost star', { status: 'failed', error: 'GenerationFailed: <b>boom</b>' }),
];
const receipt: Receipt = {
  version: 1,
  jobId: 'job-1',
  status: 'failed',
  startedAt: '2026-01-01T00:00:00Z',
  closedAt: '2026-01-01T00:10:00Z',
  images: 8,
  delivered: 7,
  reused: 0,
  blocked: 0,
  failed: 1,
  usd: 0.02,
  usdPerImage: 0.0067,
  onDemandUsd: 0.06,
  savingPercent: 66,
  attempts: [],
  failure: { error: 'GenerationFailed', cause: '1 of 4 images are missing.' },
};

describe.skipIf(!executablePath)('the report in Chromium', () => {
  let browser: Browser;
  let page: Page;
  let folder = '';
  const requests: string[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spot-diffusion-report-'));
    const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    for (const { hash } of manifest) await writeFile(join(folder, `${hash}.png`), png);
    await writeFile(
      join(folder, 'report.html'),
      renderReport(receipt, manifest, ({ hash }) => `${hash}.png`),
    );
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] });
    page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(join(folder, 'report.html')).href);
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('shows every delivered picture and names what is missing', async () => {
    const images = await page.locator('img').all();
    for (const image of images) await image.scrollIntoViewIfNeeded(); // they load lazily
    await page.waitForLoadState('networkidle');
    expect(await page.evaluate('[...document.images].map((image) => image.naturalWidth)')).toEqual(Array(7).fill(64));
    await expect(page.locator('.failed').last().innerText()).resolves.toContain('GenerationFailed: <b>boom</b>');
  });

  it('shows prompts as text: markup in them does nothing', async () => {
    expect(await page.title()).toBe('7 of 8 images, job job-1');
    await expect(page.locator('figcaption').first().innerText()).resolves.toContain('<script>');
  });

  it('shows each prompt letter by letter, and runs none', async () => {
    const shown = await page.locator('figcaption').allTextContents();
    for (const [index, { prompt }] of manifest.entries()) expect(shown[index]).toContain(prompt);
    expect(await page.evaluate('document.scripts.length')).toBe(0);
    expect(await page.evaluate('document.querySelectorAll("[onerror],[onload],svg,textarea,iframe").length')).toBe(0);
    const images = '[...document.images].map((image) => new URL(image.src).pathname)';
    const sources = await page.evaluate<readonly string[]>(images);
    expect(sources.every((source) => source.startsWith(`${folder}/`))).toBe(true);
  });

  it('lets no mark of direction in a prompt turn the words that follow it', async () => {
    const edges = `[...document.querySelectorAll('figcaption small')].map(({ firstChild: text }) => {
      const left = (at) => {
        const range = document.createRange();
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        return range.getBoundingClientRect().left;
      };
      return [left(0), left(6)]; // the first and the last letter of "seed 7,"
    })`;
    for (const [first = 0, last = 0] of await page.evaluate<readonly (readonly number[])[]>(edges)) {
      expect(first).toBeLessThan(last);
    }
  });

  it('asks for nothing but its own files', () => {
    expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
  });

  it('fits a phone without scrolling sideways', async () => {
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
  });
});
