import type { PageData, PagePick, PageQuote } from '../page-data.ts';
import { make } from './dom.ts';
import { describePool, toCents, toPlural, toUsd } from './format.ts';
import { makePriceChart } from './price-chart.ts';

function makeQuote(
  { pool, gpu, usdPerHour, usdPerImage, why }: PageQuote,
  isChosen: boolean,
  most: number,
): HTMLElement {
  const bar = make('span', { class: 'bar' });
  bar.style.width = `${(usdPerImage / most) * 100}%`;
  const name = make(
    'p',
    { class: 'name' },
    make('strong', {}, describePool(pool)),
    ` ${gpu}, ${toUsd(usdPerHour)} an hour`,
  );
  const mark = isChosen ? make('strong', { class: 'mark' }, '✓ chosen') : undefined;
  const value = make('span', { class: 'value' }, toCents(usdPerImage), ' ', mark);
  return make(
    'li',
    { class: isChosen ? 'quote chosen' : 'quote' },
    name,
    make('div', { class: 'line' }, make('span', { class: 'track' }, bar), value),
    make('p', { class: 'reason' }, why),
  );
}

function makePick({ ranked, chosen, note }: PagePick): HTMLElement {
  const most = Math.max(...ranked.map(({ usdPerImage }) => usdPerImage));
  const isThere = ranked.some(({ pool }) => pool === chosen);
  const words = [isThere ? '' : `Chosen: ${describePool(chosen)}, none of the first five.`, note]
    .filter(Boolean)
    .join(' ');
  return make(
    'div',
    {},
    words ? make('p', {}, words) : undefined,
    make('ol', { class: 'quotes' }, ...ranked.map((quote) => makeQuote(quote, quote.pool === chosen, most))),
  );
}

const nameOf = ({ attempts }: PagePick) => {
  const [shard, attempt] = (attempts[0] ?? '').split('.');
  const others = attempts.length - 1;
  return `shard ${shard}, attempt ${attempt}${others ? ` and ${toPlural(others, 'other')}` : ''}`;
};

function makeRanking(picks: readonly PagePick[]): HTMLElement {
  const [first] = picks;
  if (!first) return make('p', {}, 'No ranking was kept: nothing was picked, or by an older version.');
  const place = make('div', {}, makePick(first));
  if (picks.length === 1) return place;
  const select = make('select', {}, ...picks.map((pick, index) => make('option', { value: index }, nameOf(pick))));
  select.addEventListener('change', () => {
    const pick = picks[Number(select.value)];
    if (pick) place.replaceChildren(makePick(pick));
  });
  return make('div', {}, make('form', { class: 'filter' }, make('label', {}, 'The choice for', select)), place);
}

/** What an image would have cost where, and what the pools cost in the days before. */
export function makePoolsView({ picks, prices, receipt }: PageData): HTMLElement {
  const synthetic = receipt.simulated ? ' Prices on this machine are made up around published ones.' : '';
  return make(
    'div',
    { class: 'pools' },
    make('h2', {}, 'Cost of one image, by pool'),
    make(
      'p',
      { class: 'note' },
      `As it was known when the pool was picked, start, losses and idle time included.${synthetic}`,
    ),
    makeRanking(picks),
    make('h2', {}, 'Spot prices of the days before'),
    prices ? makePriceChart(prices) : make('p', {}, 'No prices were kept for this job.'),
  );
}
