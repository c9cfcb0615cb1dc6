import { describe, expect, it } from 'vitest';
import { escapeHtml, toFigures, toTitle } from '../../../../functions/core/report/page-text.ts';
import { aReceipt, startedAt } from '../../../fakes/builders.ts';

const at = (seconds: number) => new Date(Date.parse(startedAt) + seconds * 1000).toISOString();

it('makes any text harmless in a page', () => {
  expect(escapeHtml(`<a href="x">Tom & 'Ann'</a>`)).toBe(
    '&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;Ann&#39;&lt;/a&gt;',
  );
});

it('counts one image as one', () => {
  expect(toTitle({ delivered: 1, images: 1 })).toBe('1 of 1 image');
  expect(toTitle({ delivered: 1, images: 2 })).toBe('1 of 2 images');
});

describe('the figures of a job', () => {
  it('are what was paid, for one image, beside on demand, and how long it took', () => {
    const receipt = aReceipt({ usd: 0.5, usdPerImage: 0.0125, savingPercent: 67, closedAt: at(3900) });
    expect(toFigures(receipt)).toBe(
      '<ul class="figures"><li><strong>$0.5000</strong> paid</li><li><strong>1.25 ¢</strong> an image</li>' +
        '<li><strong>67 % less</strong> than on demand</li><li><strong>1 h 5 min</strong> from start to end</li></ul>',
    );
  });

  it.each([
    [{ savingPercent: -20 }, '20 % more'],
    [{ savingPercent: 0 }, '0 % less'],
    [{ onDemandUsd: 0 }, 'nothing ran'],
    [{ closedAt: at(119) }, '119 s'],
    [{ closedAt: at(120) }, '2 min'],
    [{ closedAt: at(3570) }, '1 h 0 min'],
    [{ closedAt: at(-5) }, '0 s'],
    [{ simulated: true }, 'would have cost on AWS'],
  ])('of %j say %s', (over, text) => {
    expect(toFigures(aReceipt(over))).toContain(text);
  });

  it('have a note where there is something to say', () => {
    const note = (over: object) => /<p class="note">(.*)<\/p>$/.exec(toFigures(aReceipt(over)))?.[1];
    expect(note({})).toBeUndefined();
    expect(note({ failed: 2 })).toBe('2 failed.');
    expect(note({ simulated: true, failed: 2, blocked: 1, reused: 3 })).toBe(
      'Simulated on this machine: nothing was paid. 2 failed. 1 blocked by the safety policy. 3 of 4 images were there already: $0.',
    );
  });
});
