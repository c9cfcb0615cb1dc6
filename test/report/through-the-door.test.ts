import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../../functions/core/report/report-page.ts';
import { jobKey, thumbnailKey } from '../../functions/core/storage/keys.ts';
import { makeOpenDoor } from '../../functions/core/tell/open-door.ts';
import { makeGalleryDoor } from '../../functions/gallery-door.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeDoors } from '../fakes/doors.ts';
import { executablePath, openBrowser } from './chromium.ts';
import { aSyntheticJob } from './synthetic.ts';

const door = 'https://door.example/';
const s3 = 'https://bucket.s3.us-east-1.amazonaws.com/';
const square = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** The door's own code answers the browser, which no network answers: a picture is a redirect to a presigned URL of S3. */
describe.skipIf(!executablePath)('the report through the gallery door in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function openThroughDoor() {
    const job = aSyntheticJob('job-1', 40, { failed: 1 });
    const bucket = makeFakeBucket({
      [jobKey('job-1', 'report.html')]: renderReport(job.receipt, job.manifest, job.details),
    });
    const [clock, doors] = [makeFakeClock(), makeFakeDoors()];
    const downloads = { link: async (key: string) => `${s3}${key}?X-Amz-Signature=0` };
    const answer = makeGalleryDoor({ bucket, doors, downloads, clock });
    const link = await makeOpenDoor({ galleryUrl: door, doors, clock, makeToken: () => 't'.repeat(43) })('job-1');
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const [asked, complaints]: [string[], string[]] = [[], []];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    const toHeaders = (headers: object) =>
      Object.entries(headers).map(([name, value]) => ({ name, value: String(value) }));
    const answerTo = async (url: URL, method: string) => {
      if (url.href.startsWith(s3)) return { responseCode: 200, body: square, headers: { 'content-type': 'image/png' } };
      const { statusCode, headers, body } = await answer({
        rawPath: url.pathname,
        requestContext: { http: { method } },
      });
      return { responseCode: statusCode, body: Buffer.from(body), headers };
    };
    // Not `page.route`, which does not see where a redirect leads.
    const network = await page.context().newCDPSession(page);
    network.on('Fetch.requestPaused', async ({ requestId, request }) => {
      asked.push(request.url);
      const { responseCode, body, headers } = await answerTo(new URL(request.url), request.method);
      const responseHeaders = toHeaders(headers);
      await network.send('Fetch.fulfillRequest', {
        requestId,
        responseCode,
        responseHeaders,
        body: body.toString('base64'),
      });
    });
    await network.send('Fetch.enable', { patterns: [{ urlPattern: 'http*' }] });
    await page.goto(link.url);
    await page.waitForSelector('html[data-ready]');
    await page.waitForLoadState('networkidle');
    return { job, page, asked, complaints };
  }

  it('shows thumbnails by way of the door, and complains of nothing', async () => {
    const { job, page, asked, complaints } = await openThroughDoor();
    const key = thumbnailKey(job.manifest[0]?.hash ?? '', 256);
    expect(asked).toContain(`${door}${'t'.repeat(43)}/${key}`);
    expect(asked).toContain(`${s3}${key}?X-Amz-Signature=0`);
    const widths = await page.evaluate('[...document.images].map((image) => image.naturalWidth)');
    expect(new Set(widths as number[])).toEqual(new Set([1]));
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('links to the requeue file and to a picture through the door alone', async () => {
    const { job, page } = await openThroughDoor();
    const base = `${door}${'t'.repeat(43)}/`;
    await page.locator('.open').first().click();
    const image = `${base}images/${job.manifest[0]?.hash}.png`;
    await expect.poll(() => page.evaluate('document.querySelector("dialog a").href')).toBe(image);
    expect(await page.evaluate('document.querySelector("#missing a").href')).toBe(`${base}jobs/job-1/requeue.jsonl`);
    await page.waitForLoadState('networkidle');
    await page.close();
  });

  it('lets the page load nothing from any other place', async () => {
    const { page, asked, complaints } = await openThroughDoor();
    await page.evaluate(
      'document.body.insertAdjacentHTML("beforeend", \'<img src="https://elsewhere.example/x.png"><script src="https://elsewhere.example/x.js"></script>\')',
    );
    await expect.poll(() => complaints.join()).toContain('elsewhere.example/x.png');
    expect(asked.filter((url) => url.includes('elsewhere'))).toEqual([]);
    await page.close();
  });
});
