import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliver } from '../../cli/jobs/deliver.ts';
import { imageKey, jobKey, thumbnailKey } from '../../functions/core/storage/keys.ts';
import type { DrillEvent } from '../../local/start.ts';
import { type Machine, openMachine } from '../machine/harness.ts';
import { executablePath, findBarriers, loadedPictures, openBrowser, openReport } from './chromium.ts';

describe.skipIf(!executablePath)('reports that the workflow made, in Chromium', () => {
  let browser: Browser;
  let folder = '';
  let machine: Machine;
  beforeAll(async () => {
    browser = await openBrowser();
    machine = await openMachine();
    folder = await mkdtemp(join(tmpdir(), 'spot-diffusion-report-'));
  });
  afterAll(async () => {
    await machine?.close();
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The part of the bucket that a person would download. */
  async function download({ bucket, manifest }: Machine, jobId: string): Promise<string> {
    const lines = await manifest(jobId);
    const report = jobKey(jobId, 'report.html');
    const pictures = lines.flatMap(({ hash }) => [imageKey(hash), thumbnailKey(hash, 256), thumbnailKey(hash, 512)]);
    for (const key of [report, ...pictures]) {
      const body = await bucket.readBytes(key);
      if (!body) continue;
      await mkdir(dirname(join(folder, key)), { recursive: true });
      await writeFile(join(folder, key), body);
    }
    return join(folder, report);
  }

  it('shows the one picture of a job, how it was made and what it would have cost', async () => {
    const { jobId } = await machine.run({ prompt: 'a red circle' });
    const { page, complaints, show } = await openReport(browser, await download(machine, jobId));
    await expect.poll(() => loadedPictures(page)).toHaveLength(1);
    expect(await page.locator('h1').innerText()).toContain('1 of 1 image');
    expect(await page.locator('header').innerText()).toContain('Simulated on this machine: nothing was paid.');
    await show('timeline');
    expect(await page.locator('.timeline .rows > li').count()).toBe(1);
    expect(await page.locator('.span').last().textContent()).toMatch(/^rendering .* s, $/);
    await show('pools');
    expect(await page.locator('.quote').count()).toBe(5);
    expect(await page.locator('.quote.chosen').count()).toBe(1);
    expect(await page.locator('path.curve').count()).toBeGreaterThan(0);
    await show('receipt');
    expect(await page.locator('.totals').innerText()).toContain('nothing: simulated');
    expect(await page.locator('#tab-missing').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('shows sixty pictures, and finds those of a prompt', async () => {
    const prompts = ['a red circle', 'a blue star', 'a green ring', 'a small cross'];
    const { jobId } = await machine.run({ prompts, count: 15 });
    const { page, complaints } = await openReport(browser, await download(machine, jobId));
    expect(await page.locator('h1').innerText()).toContain('60 of 60 images');
    const found = page.locator('.found');
    expect(await found.textContent()).toBe('60 images');
    await page.getByRole('searchbox').fill('star');
    await expect.poll(() => found.textContent()).toBe('15 of 60 images');
    await expect.poll(async () => (await loadedPictures(page)).length).toBeGreaterThan(5);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('shows the same in the folder of the command line, from files with names for people', async () => {
    const { jobId } = await machine.run({ prompt: 'a red circle', count: 14 });
    const outDir = join(folder, 'out');
    expect(await deliver(machine.bucket, jobId, { outDir, looks: 1 })).toMatchObject({ outDir });
    const { page, requests, complaints } = await openReport(browser, join(outDir, 'report.html'));
    await expect.poll(() => loadedPictures(page)).toHaveLength(14);
    expect(requests.filter((url) => /\/out\/thumbnails\/\d{4}-[0-9a-f]{12}\.webp$/.test(url))).toHaveLength(14);
    await page.locator('.open').first().click();
    await expect.poll(async () => (await loadedPictures(page)).join()).toMatch(/out\/images\/0001-[0-9a-f]{12}\.png/);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('tells of an attempt that was lost, why the next one waited, and that it is not on the bill', async () => {
    const events: DrillEvent[] = [
      { kind: 'capacity', pool: '*' },
      { kind: 'interrupt', afterImages: 2, noticeSeconds: 20 },
    ];
    const drilled = await openMachine(events);
    const { jobId } = await drilled.run({ prompt: 'a star', count: 30 });
    const report = await download(drilled, jobId);
    await drilled.close();
    const { page, show } = await openReport(browser, report);
    await show('timeline');
    const rows = page.locator('.timeline .rows > li');
    expect(await rows.count()).toBe(3);
    expect(await rows.nth(0).innerText()).toMatch(/Waited: .*(capacity|CAPACITY)/);
    expect(await rows.nth(1).innerText()).toContain('SpotInterrupted');
    await show('receipt');
    expect(await page.locator('tbody tr').nth(1).innerText()).toContain('no, first hour');
    await page.close();
  });

  it('names what stopped a job before its first attempt, and leaves out what there is not', async () => {
    const { jobId } = await machine.run({ prompt: 'a dear star', maxUsd: 0.0001 });
    const { page, show, complaints } = await openReport(browser, await download(machine, jobId));
    expect(await page.locator('.failure').first().innerText()).toContain('BudgetExceeded');
    expect(await page.locator('.card .missing').innerText()).toContain('Failed');
    await show('timeline');
    expect(await page.locator('#timeline').innerText()).toContain('Nothing ran');
    await show('pools');
    expect(await page.locator('#pools').innerText()).toContain('No ranking was kept');
    await show('receipt');
    expect(await page.locator('#receipt').innerText()).toContain('No attempt was made.');
    await show('missing');
    expect(await page.locator('#missing').innerText()).toContain('requeue.jsonl');
    expect(await findBarriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('shows a job that was refused for its input, which has no pictures at all', async () => {
    const { jobId } = await machine.run({ prompts: ['fine', ''] });
    const { page, complaints } = await openReport(browser, await download(machine, jobId));
    expect(await page.locator('header').innerText()).toContain('prompts[1]');
    expect(await page.locator('#tab-images').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
