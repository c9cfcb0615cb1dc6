import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ManifestLine } from '../../../../functions/core/receipt/manifest.ts';
import type { Receipt } from '../../../../functions/core/receipt/receipt.ts';
import { renderReport } from '../../../../functions/core/report/report-page.ts';
import { aManifestLine, aReceipt, aSettlement } from '../../../fakes/builders.ts';
import { readPage } from '../../../fakes/page.ts';

const render = (receipt: Partial<Receipt> = {}, manifest: readonly ManifestLine[] = [aManifestLine()]) =>
  renderReport(aReceipt(receipt), manifest, { layout: 'bucket' });
/** What a page has beside its own script, style and data. */
const frameOf = (page: string) => page.replaceAll(/<(script|style)[^>]*>.*?<\/\1>/gs, '<$1></$1>');
const evil = `"'></script><!--<script>alert('1')</script>&amp;`;
const policyOf = (page: string) => /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1]?.split('; ') ?? [];
const hashOf = (text: string | undefined) =>
  `'sha256-${createHash('sha256')
    .update(text ?? '')
    .digest('base64')}'`;

describe('renderReport', () => {
  it('says what was delivered and what it cost, also to who sees it without a script', () => {
    const frame = frameOf(render({ reused: 2 }));
    expect(frame).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(frame).toContain('<title>4 of 4 images, job job-1</title>');
    expect(frame).toContain('<h1>4 of 4 images <span class="delivered">delivered</span></h1>');
    for (const figure of [
      '$0.1200</strong> paid',
      '3 ¢</strong> an image',
      '67 % less</strong> than on demand',
      '10 min</strong> from',
    ]) {
      expect(frame).toContain(figure);
    }
    expect(frame).toContain('2 of 4 images were there already: $0.');
    expect(frame).not.toMatch(/failed|blocked/);
    expect(frame).toContain('<noscript>');
    expect(frame).not.toMatch(/undefined|null|NaN/);
  });

  it('says how many failed and how many were blocked', () => {
    const frame = frameOf(render({ failed: 3, blocked: 2 }));
    expect(frame).toContain('3 failed. 2 blocked by the safety policy.</p>');
  });

  it('says of a job on this machine that nothing was paid', () => {
    const frame = frameOf(render({ simulated: true }));
    expect(frame).toContain('Simulated on this machine: nothing was paid.');
    expect(frame).toContain('$0.1200</strong> would have cost on AWS');
    expect(frameOf(render())).not.toContain('Simulated');
  });

  it('says of what was dearer that it was, and of what did not run that nothing did', () => {
    expect(frameOf(render({ savingPercent: -50 }))).toContain('50 % more</strong> than on demand');
    expect(frameOf(render({ onDemandUsd: 0 }))).toContain('nothing ran</strong>');
  });

  it.each([
    [0, '0 s'],
    [119, '119 s'],
    [120, '2 min'],
    [3599, '1 h 0 min'],
    [7500, '2 h 5 min'],
  ])('writes %i seconds as %s', (seconds, text) => {
    const startedAt = '2026-11-23T22:00:00.000Z';
    const closedAt = new Date(Date.parse(startedAt) + seconds * 1000).toISOString();
    expect(frameOf(render({ startedAt, closedAt }))).toContain(`<strong>${text}</strong>`);
  });

  it('names the failure', () => {
    const frame = frameOf(render({ status: 'failed', failure: { error: 'BudgetExceeded', cause: 'too dear' } }));
    expect(frame).toContain('<p class="failure"><strong>BudgetExceeded</strong>: too dear</p>');
    expect(frame).toContain('<span class="failed">failed</span>');
  });

  it('lets nobody put markup into it', () => {
    const page = renderReport(
      aReceipt({
        jobId: evil,
        failure: { error: evil, cause: evil },
        attempts: [aSettlement({ pool: evil, reason: evil })],
      }),
      [aManifestLine({ prompt: evil }), aManifestLine({ prompt: evil, status: 'failed', error: evil })],
      { layout: 'bucket', pauses: [{ version: 1, shard: 0, from: '2026-11-23T22:00:00Z', seconds: 1, reason: evil }] },
    );
    expect(page.match(/<\/script/g)).toHaveLength(2); // the data's and the script's own
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toContain('<!--');
    expect(frameOf(page)).not.toContain(evil);
    expect(frameOf(page)).not.toContain("alert('1')");
    expect(readPage(page)).toMatchObject({ jobId: evil, pictures: { shared: { prompt: evil } } });
  });

  it('allows its own script and style by their hashes, pictures beside it, and nothing else', () => {
    const page = render();
    const [, style] = /<style>(.*?)<\/style>/s.exec(page) ?? [];
    const [, script] = /<script>(.*?)<\/script>/s.exec(page) ?? [];
    expect(policyOf(page)).toEqual([
      "default-src 'none'",
      `script-src ${hashOf(script)}`,
      `style-src ${hashOf(style)}`,
      "img-src 'self' file: data: https://*.amazonaws.com https://*.amazonaws.com.cn",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    const folder = renderReport(aReceipt(), [], { layout: 'folder' });
    expect(policyOf(folder)).toContain("img-src 'self' file: data:");
  });

  it('names no other place', () => {
    expect(frameOf(render()).replace(/content="default-src[^"]+"/, '')).not.toMatch(/https?:|@import|url\(/);
    expect(render()).not.toMatch(/@import|url\(|sourceMappingURL/);
  });

  it('tells programs which job it is without unpacking', () => {
    const block = /<script type="application\/json" id="job">(.*?)<\/script>/s.exec(render())?.[1] ?? '';
    expect(JSON.parse(block)).toMatchObject({ version: 1, jobId: 'job-1', status: 'delivered' });
  });
});
