/** Screenshots to be looked at: `node test/report/shots.ts FOLDER`. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { openBrowser } from './chromium.ts';
import { aSyntheticJob, writeJob } from './synthetic.ts';

const [folder = 'out/shots', only = ''] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const browser = await openBrowser();

async function open(path: string, colorScheme: 'light' | 'dark', width: number, height = 900): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  page.on('console', (message) => console.log('console', message.type(), message.text()));
  page.on('pageerror', (error) => console.log('error', error.message));
  await page.goto(pathToFileURL(path).href);
  await page.waitForSelector('html[data-ready]', { timeout: 5000 }).catch(() => console.log('not ready'));
  return page;
}

const strange = [
  '<script>document.title = "spoofed"</script> & <b>markup</b>',
  'دائرة حمراء على خلفية زرقاء، صورة واقعية بدقة عالية',
  'a 🦊 reads a 📖 under a 🌈 — emoji 👩🏽‍🚀',
  'a very long prompt '.repeat(40),
];
const sixty = await writeJob(
  folder,
  aSyntheticJob('night-2026-11-23', 60, { failed: 3, blocked: 2, reused: 5, prompts: strange }),
);
const many = await writeJob(folder, aSyntheticJob('two-thousand', 2000, { shards: 24 }), 'thumbnails');
const one = await writeJob(folder, aSyntheticJob('one', 1, { shards: 1, side: 64 }));
for (const [name, path] of [
  ['60', sixty],
  ['2000', many],
  ['1', one],
] as const) {
  if (only && only !== name) continue;
  for (const scheme of ['light', 'dark'] as const) {
    const page = await open(path, scheme, 1280);
    for (const tab of ['images', 'timeline', 'pools', 'receipt', 'missing']) {
      const button = page.locator(`#tab-${tab}`);
      if (!(await button.count())) continue;
      await button.click();
      await page.waitForTimeout(300);
      await page.screenshot({ path: join(folder, `${name}-${scheme}-${tab}.png`) });
    }
    await page.locator('#tab-images').click();
    await page.locator('.open').nth(0).click();
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(folder, `${name}-${scheme}-lightbox.png`) });
    await page.close();
  }
  const phone = await open(path, 'light', 360, 740);
  for (const tab of ['images', 'timeline', 'pools', 'receipt', 'missing']) {
    const button = phone.locator(`#tab-${tab}`);
    if (!(await button.count())) continue;
    await button.click();
    await phone.waitForTimeout(200);
    await phone.screenshot({ path: join(folder, `${name}-phone-${tab}.png`), fullPage: tab !== 'images' });
    console.log(name, tab, await phone.evaluate('document.documentElement.scrollWidth'));
  }
  await phone.locator('#tab-images').click();
  await phone.locator('.open').last().click();
  await phone.waitForTimeout(300);
  await phone.screenshot({ path: join(folder, `${name}-phone-lightbox.png`) });
  await phone.close();
}
await browser.close();
