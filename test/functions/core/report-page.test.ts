import { describe, expect, it } from 'vitest';
import type { ManifestLine } from '../../../functions/core/manifest.ts';
import type { Receipt } from '../../../functions/core/receipt.ts';
import { escapeHtml, renderReport } from '../../../functions/core/report-page.ts';
import { aManifestLine, aReceipt, aSettlement } from '../../fakes/builders.ts';

const render = (receipt: Partial<Receipt> = {}, manifest: readonly ManifestLine[] = [aManifestLine()]) =>
  renderReport(aReceipt(receipt), manifest, (line) => `../../${line.key}`);
const evil = `"'><script>alert('1')</script>&amp;`;
const tame = '&quot;&#39;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;';

describe('escapeHtml', () => {
  it('escapes the five characters, each once', () => {
    expect(escapeHtml(evil)).toBe(tame);
    expect(escapeHtml('a größer 猫')).toBe('a größer 猫');
  });
});

describe('renderReport', () => {
  it('says what was delivered, and what it cost', () => {
    const page = render({ plannedUsd: { p50: 0.5, p90: 0.7, onDemand: 1.5 }, reused: 2 });
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toContain('<title>4 of 4 images, job job-1</title>');
    expect(page).toContain('<h1>4 of 4 images, job job-1</h1>');
    expect(page).toContain('Cost $0.1200 ($0.0300 an image), 67 % less than on demand.');
    expect(page).toContain('Planned for AWS: $0.5000 on Spot, $1.5000 on demand.');
    expect(page).toContain('images were there already: $0.');
  });

  it('says of a job on this machine that nothing was paid', () => {
    const text = 'Simulated on this machine, nothing was paid. On AWS these seconds would have cost $0.1200 (';
    expect(render({ simulated: true })).toContain(text);
    expect(render({ simulated: false })).not.toContain('Simulated');
  });

  it('leaves out what there is not', () => {
    const page = render();
    expect(page).not.toMatch(/Planned|there already|class="failed"|undefined|null|NaN/);
  });

  it('shows each image with its prompt and recipe', () => {
    const line = aManifestLine({ seed: 7, steps: 30, width: 64, height: 128, prompt: 'a cat' });
    const page = render({}, [line, aManifestLine({ reused: true })]);
    expect(page.match(/<figure>/g)).toHaveLength(2);
    expect(page).toContain(`<a href="../../${line.key}"><img loading="lazy" src="../../${line.key}" alt="a cat"></a>`);
    expect(page).toContain('a cat<br><small>seed 7, 64x128, 30 steps</small>');
    expect(page).toContain('20 steps, there already ($0)</small>');
  });

  it('shows a missing image as text with its error', () => {
    const page = render({}, [aManifestLine({ status: 'failed', error: 'not rendered' })]);
    expect(page).not.toContain('<img');
    expect(page).toContain('<small>not rendered</small>');
    expect(render({}, [aManifestLine({ status: 'failed', error: undefined })])).toContain('<small>failed</small>');
  });

  it('lists every attempt', () => {
    const attempts = [
      aSettlement(),
      aSettlement({
        shard: 3,
        attempt: 2,
        outcome: 'SpotInterrupted',
        reason: 'Host EC2',
        note: 'a pilot',
        endedAt: '2026-11-23T22:10:00.000Z',
      }),
    ];
    const page = render({ attempts });
    expect(page).toContain(
      '<tr><td>0</td><td>1</td><td>use1-az1/g6.xlarge/spot</td><td>Succeeded</td><td></td><td>100 s</td><td>$0.0300</td><td></td></tr>',
    );
    expect(page).toContain('<tr><td>3</td><td>2</td>');
    expect(page).toContain(
      '<td>SpotInterrupted</td><td>2026-11-23T22:10</td><td>100 s</td><td>$0.0300</td><td>a pilot; Host EC2</td></tr>',
    );
  });

  it('names the failure', () => {
    const page = render({ failure: { error: 'BudgetExceeded', cause: 'too dear' } });
    expect(page).toContain('<p class="failed"><strong>BudgetExceeded</strong>: too dear</p>');
  });

  it('lets nobody put markup into it', () => {
    const page = renderReport(
      aReceipt({
        jobId: evil,
        failure: { error: evil, cause: evil },
        attempts: [aSettlement({ pool: evil, reason: evil })],
      }),
      [aManifestLine({ prompt: evil }), aManifestLine({ prompt: evil, status: 'failed', error: evil })],
      () => `images/${evil}.png`,
    );
    expect(page).not.toContain('<script');
    expect(page).not.toContain(`"'>`);
    // Title, heading, failure twice, attempt twice, prompt as alt, caption and failed, image twice, error.
    expect(page.split(tame)).toHaveLength(13);
  });

  it('needs no scripts and no requests to other places', () => {
    expect(render()).not.toMatch(/<script|<link|https?:|@import|url\(/);
  });
});
