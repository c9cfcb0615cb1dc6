import { describe, expect, it } from 'vitest';
import { renderPartsReport } from '../../../../functions/core/report/parts-page.ts';
import { aReceipt } from '../../../fakes/builders.ts';

const parts = [
  { jobId: 'night-p001', status: 'delivered', images: 4, delivered: 4, usd: 0.1 },
  { jobId: '<night>-p002', status: 'failed', images: 4, delivered: 1, usd: 0.02 },
  { jobId: 'night-p003', status: 'not closed', images: 4, delivered: 0, usd: 0 },
] as const;

describe('the page of a job in parts', () => {
  const page = renderPartsReport(
    aReceipt({ jobId: '<night>', images: 12, delivered: 5, failed: 7, parts, failure: { error: 'X', cause: '<b>' } }),
  );

  it('shows the sums, and each part with a link that works beside it', () => {
    expect(page).toContain('5 of 12 images');
    expect(page).toContain(
      '<a href="../night-p001/report.html">night-p001</a></td><td>delivered</td><td>4 of 4</td><td>$0.1000',
    );
    expect(page).toContain('<td>night-p003</td><td>not closed</td>');
  });

  it('takes no text of the job for markup', () => {
    expect(page).not.toMatch(/<night>|<b>/);
    expect(page).toContain('href="../%3Cnight%3E-p002/report.html"');
  });

  it('runs nothing', () => {
    expect(page).not.toContain('<script');
    expect(page).toContain("default-src 'none'");
  });
});
