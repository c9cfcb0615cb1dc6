import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { thumbnailKey } from '../../functions/core/storage/keys.ts';
import { executablePath, findBarriers, loadedPictures, type Opened, openBrowser, openReport } from './chromium.ts';
import { aSyntheticJob, promptOf, writeJob } from './synthetic.ts';

const prompts = [
  '<script>document.title = "spoofed"</script> & <b>markup</b>',
  'دائرة حمراء على خلفية زرقاء',
  'a 🦊 under a 🌈, 👩🏽‍🚀',
  `"><img src=x onerror="document.title='spoofed'">`,
  'a very long prompt '.repeat(100).trim(),
  '</script><!-- <script>',
  `</textarea></title></style><script>document.title = 'spoofed'</script>`,
  '../../x',
  'safe \u202egnp.exe \u2066 open',
  `' onload="document.title='spoofed'" x='`,
];
const job = aSyntheticJob('night 1', 60, { failed: 3, blocked: 2, reused: 5, prompts });
const tabs = ['images', 'timeline', 'pools', 'receipt', 'missing'];

describe.skipIf(!executablePath)('the report of sixty images in Chromium', () => {
  let browser: Browser;
  let folder = '';
  let report = '';
  let opened: Opened;
  const open = async (options: Parameters<typeof openReport>[2] = {}) => {
    opened = await openReport(browser, report, options);
    return opened;
  };
  const openPicture = async (place: number) => {
    await opened.page.locator('.open').nth(place).click();
    return opened.page.locator('dialog');
  };
  const focused = (what: string) => opened.page.evaluate(`document.activeElement.${what}`);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spot-diffusion-report-'));
    report = await writeJob(folder, job);
    browser = await openBrowser();
  });
  afterEach(async () => {
    await opened?.page.context().close();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('shows thumbnails from beside it, and complains of nothing', async () => {
    const { page, complaints } = await open();
    await page.waitForLoadState('networkidle');
    const [first] = job.manifest;
    const loaded = await loadedPictures(page);
    expect(loaded).toContain(thumbnailKey(first?.hash ?? '', 256));
    expect(loaded.every((path) => path.startsWith('thumbnails/256/'))).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('asks for nothing but files beside it, in none of its parts', async () => {
    const { requests, show, page } = await open();
    for (const tab of tabs) await show(tab);
    await page.waitForLoadState('networkidle');
    expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
  });

  it('lets no script run but its own, and sends nothing anywhere', async () => {
    const { page, complaints } = await open();
    await page.evaluate(`{
      const script = document.createElement('script');
      script.textContent = 'document.title = "spoofed"';
      document.body.append(script);
      document.body.insertAdjacentHTML('beforeend', '<img src="https://elsewhere.example/x.png">');
      void fetch('https://elsewhere.example/').catch(() => {});
    }`);
    for (const refused of ['inline script', 'x.png', 'Connecting to']) {
      await expect.poll(() => complaints.join('\n')).toContain(refused);
    }
    expect(await page.title()).toBe('55 of 60 images, job night 1');
  });

  it('shows prompts as text, in their own direction', async () => {
    const { page } = await open();
    const shown = page.locator('.card .prompt');
    for (const [index, prompt] of prompts.entries()) expect(await shown.nth(index).textContent()).toBe(prompt);
    const directions = 'getComputedStyle(document.querySelectorAll(".card .prompt")[INDEX]).direction';
    expect(await page.evaluate(directions.replace('INDEX', '1'))).toBe('rtl');
    expect(await page.evaluate(directions.replace('INDEX', '0'))).toBe('ltr');
    expect(await page.locator('.card b, .card script').count()).toBe(0);
    expect(await page.evaluate('document.scripts.length')).toBe(2);
    expect(await page.evaluate('document.querySelectorAll("[onerror],[onload],textarea,iframe").length')).toBe(0);
    expect(await page.title()).toBe('55 of 60 images, job night 1');
  });

  it('lets no mark of direction in a prompt turn the words that follow it', async () => {
    const { page } = await open();
    const edges = `[...document.querySelectorAll('.facts > span')].map(({ firstChild: text }) => {
      const left = (at) => {
        const range = document.createRange();
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        return range.getBoundingClientRect().left;
      };
      return [left(0), left(5)]; // the first letter of "seed 7" and its number
    })`;
    const found = await page.evaluate<readonly (readonly number[])[]>(edges);
    expect(found.length).toBeGreaterThan(11);
    for (const [first = 0, last = 0] of found) expect(first).toBeLessThan(last);
  });

  it('finds pictures by words, seed, pool and what became of them', async () => {
    const { page } = await open();
    const found = page.locator('.found');
    await page.getByRole('searchbox').fill('FOX fog');
    await expect.poll(() => found.textContent()).toBe('1 of 60 images');
    expect(await page.locator('.card .prompt').textContent()).toBe(promptOf(33));
    await page.getByRole('searchbox').fill(String(job.manifest[10]?.seed));
    await expect.poll(() => found.textContent()).toBe('1 of 60 images');
    await page.getByRole('searchbox').fill('');
    await page.getByLabel('Show').selectOption({ label: 'Failed (3)' });
    expect(await found.textContent()).toBe('3 of 60 images');
    expect(await page.locator('.card .missing').first().textContent()).toContain(
      'GenerationFailed: the picture is all black',
    );
    await page.getByLabel('Show').selectOption({ label: 'Blocked (2)' });
    expect(await found.textContent()).toBe('2 of 60 images');
    await page.getByLabel('Show').selectOption({ label: 'All (60)' });
    await page.getByRole('combobox', { name: 'Pool' }).selectOption({ label: 'g5.xlarge in use1-az1, Spot' });
    expect(await found.textContent()).toBe('13 of 60 images');
    await page.getByRole('searchbox').fill('no such word');
    expect(await found.textContent()).toBe('0 of 60 images');
  });

  it('shows a picture large with its recipe, and walks by the arrow keys', async () => {
    const { page } = await open();
    const dialog = await openPicture(11);
    expect(await dialog.locator('.count').textContent()).toBe('12 of 60');
    await page.keyboard.press('ArrowRight');
    expect(await dialog.locator('.count').textContent()).toBe('13 of 60');
    expect(await dialog.locator('.prompt').textContent()).toBe(promptOf(12));
    const facts = await dialog.locator('dl').textContent();
    for (const fact of [
      String(job.manifest[12]?.seed),
      'sd-1.5',
      '512 × 512',
      'dpmpp-2m',
      'g6.xlarge in use1-az4, Spot',
      '¢',
    ]) {
      expect(facts).toContain(fact);
    }
    await page.waitForLoadState('networkidle');
    expect((await loadedPictures(page)).join()).toContain(`images/${job.manifest[12]?.hash}.png`);
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    expect(await dialog.locator('.count').textContent()).toBe('1 of 60');
    await page.keyboard.press('End');
    expect(await dialog.locator('.missing').textContent()).toContain('GenerationFailed');
  });

  it('goes back by Escape to the picture that was shown last', async () => {
    const { page } = await open();
    await page.locator('.open').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    expect(await page.locator('dialog').isVisible()).toBe(true);
    for (let press = 0; press < 40; press++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Escape');
    expect(await page.locator('dialog').isVisible()).toBe(false);
    await expect.poll(() => focused('closest("li").getAttribute("aria-posinset")')).toBe('42');
    await page.waitForTimeout(100); // a browser that holds on to what it showed would scroll now
    expect(await page.evaluate('document.activeElement.getBoundingClientRect().bottom <= innerHeight')).toBe(true);
  });

  it('has one stop for the Tab key among the pictures, from which the arrows go', async () => {
    const { page } = await open();
    const stops = await page.locator('.card button:not([tabindex="-1"])').count();
    expect(stops).toBe(2); // the picture and its copy button
    await page.locator('.open').first().focus();
    await page.keyboard.press('End');
    expect(await focused('closest("li").getAttribute("aria-posinset")')).toBe('60');
    await page.keyboard.press('ArrowUp');
    expect(Number(await focused('closest("li").getAttribute("aria-posinset")'))).toBeLessThan(60);
    expect(await focused('className')).toBe('open');
  });

  it('copies a recipe as a line of a prompts file', async () => {
    const { page } = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await page.locator('.card .copy').nth(1).click();
    await expect.poll(() => page.locator('.card .copy').nth(1).textContent()).toBe('Copied');
    const copied = JSON.parse((await page.evaluate('navigator.clipboard.readText()')) as string);
    const { prompt, seed, model, width, steps, guidance, scheduler } = job.manifest[1] ?? {};
    expect(copied).toMatchObject({ prompt, seed, model, width, steps, guidance, scheduler });
    expect(copied).not.toHaveProperty('revision');
  });

  it('tells what each attempt did when, and why it waited', async () => {
    const { page, show } = await open();
    await show('timeline');
    const rows = page.locator('.timeline .rows > li');
    expect(await rows.count()).toBe(job.receipt.attempts.length + 1);
    const lost = rows.filter({ hasText: 'SpotInterrupted' });
    expect(await lost.locator('.span').allTextContents()).toEqual([
      'booting 1 min 19 s (reckoned), ',
      'pulling the image 1 min 45 s (reckoned), ',
      'lost 45 s, ',
    ]);
    expect(await lost.textContent()).toContain('Ended: Host EC2 (instance i-0a1b2c3d) terminated.');
    const refused = rows.filter({ hasText: 'Shard 2, attempt 1' });
    expect(await refused.textContent()).toContain('Waited: no capacity in use1-az4/g6.xlarge/spot');
    expect(await refused.locator('.span.waiting').getAttribute('title')).toBe('waiting for an instance 6 min 34 s');
    expect(await rows.filter({ hasText: /Shard \d+ waits/ }).textContent()).toContain(
      'Waited: No capacity for shard 3',
    );
  });

  it('shows the ranked pools with the chosen one, and the prices of the days before', async () => {
    const { page, show } = await open();
    await show('pools');
    const quotes = page.locator('.quote');
    expect(await quotes.count()).toBe(5);
    expect(await page.locator('.quote.chosen').textContent()).toContain(
      'g6.xlarge in use1-az4, Spot L4, $0.3442 an hour0.041 ¢ ✓ chosen',
    );
    const widths = (await page.evaluate(
      '[...document.querySelectorAll(".quote .bar")].map((bar) => bar.offsetWidth)',
    )) as number[];
    expect((widths[0] ?? 0) / (widths[3] ?? 1)).toBeCloseTo(0.00041 / 0.00063, 1);
    expect(await page.locator('path.curve').count()).toBe(3);
    expect(await page.locator('.pools figcaption').textContent()).toContain('g5.xlarge in use1-az1, Spot: $');
    await page.getByLabel('The choice for').selectOption({ index: 1 });
    expect(await page.locator('.quote.chosen').textContent()).toContain('g5.xlarge');
  });

  it('adds up the receipt, with what was lost and whether it was billed', async () => {
    const { page, show } = await open();
    await show('receipt');
    const totals = await page.locator('.totals').textContent();
    expect(totals).toContain(`Paid$${job.receipt.usd.toFixed(4)}`);
    expect(totals).toContain('It is not expected on the bill');
    const costs = await page.locator('tbody td:nth-child(3)').allTextContents();
    const sum = costs.reduce((all, text) => all + Number(text.slice(1)), 0);
    expect(`$${sum.toFixed(4)}`).toBe(await page.locator('tfoot td:nth-child(3)').textContent());
    expect(`$${sum.toFixed(4)}`).toBe(`$${job.receipt.usd.toFixed(4)}`);
    expect(await page.locator('tbody tr').nth(1).textContent()).toContain('no, first hour');
  });

  it('lists what is missing, with the requeue file', async () => {
    const { page, show } = await open();
    await show('missing');
    expect(await page.locator('#missing li').count()).toBe(5);
    expect(await page.locator('#missing').textContent()).toContain('flagged 4 times by the checker');
    expect(await page.getByRole('link', { name: 'requeue.jsonl' }).getAttribute('href')).toBe('requeue.jsonl');
  });

  it.each(['light', 'dark'] as const)('has no serious barrier in any of its parts, in %s', async (colorScheme) => {
    const { page, show } = await open({ colorScheme });
    for (const tab of tabs) {
      await show(tab);
      expect({ tab, barriers: await findBarriers(page) }).toEqual({ tab, barriers: [] });
    }
    await show('images');
    await openPicture(0);
    expect(await findBarriers(page)).toEqual([]);
  });

  it('fits a phone without scrolling sideways, in all of its parts', async () => {
    const { page, show } = await open({ viewport: { width: 360, height: 740 } });
    for (const tab of tabs) {
      await show(tab);
      expect([tab, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([tab, 360]);
    }
    await show('images');
    const dialog = await openPicture(1);
    expect(await page.evaluate('document.querySelector("dialog").scrollWidth')).toBeLessThanOrEqual(360);
    expect(await dialog.getByRole('button', { name: 'Close' }).isVisible()).toBe(true);
  });

  it('opens at the part that its address names', async () => {
    opened = await openReport(browser, `file://${encodeURI(report)}#receipt`);
    expect(await opened.page.getByRole('tab', { name: 'Receipt' }).getAttribute('aria-selected')).toBe('true');
    expect(await opened.page.locator('#images').isVisible()).toBe(false);
  });

  it('says what is beside it where scripts are off', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(`file://${encodeURI(report)}`);
    const text = await page.locator('body').innerText();
    expect(text).toContain('55 of 60 images');
    expect(text).toContain('manifest.jsonl');
    await page.close();
  });
});
