import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

export const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
if (!executablePath) console.log('Skipped: no Chromium on this machine (Debian: `apt-get install chromium`).');

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] });

const watchReady = `new MutationObserver(() => {
  if (document.documentElement?.dataset.ready) window.readyMs ??= performance.now();
}).observe(document, { attributes: true, childList: true, subtree: true })`;

/** A report as a person sees it, and what it asked for and complained of on the way. */
export interface Opened {
  readonly page: Page;
  readonly requests: readonly string[];
  /** Errors and what the Content-Security-Policy refused. */
  readonly complaints: readonly string[];
  /** Milliseconds from the navigation until every part of the page was there. */
  readonly readyMs: number;
  show(tab: string): Promise<void>;
}

export async function openReport(
  browser: Browser,
  place: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.addInitScript(watchReady);
  await page.goto(place.includes('://') ? place : pathToFileURL(place).href);
  await page.waitForSelector('html[data-ready]');
  const readyMs = Number(await page.evaluate('window.readyMs'));
  return { page, requests, complaints, readyMs, show: (tab) => page.locator(`#tab-${tab}`).click() };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Serious and critical findings, one line each. */
export async function findBarriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const { violations, passes } = (await page.evaluate('axe.run()')) as AxeResults;
  if (passes.length < 10) throw new Error(`Expected axe to look at the page, it passed ${passes.length} rules`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

/** Names of the pictures that are loaded, with their width. */
export const loadedPictures = (page: Page) =>
  page.evaluate(
    '[...document.images].filter((image) => image.naturalWidth).map((image) => image.src.split("/").slice(-3).join("/"))',
  ) as Promise<readonly string[]>;
