import type { PageAttempt, PageData, PageReceipt } from '../page-data.ts';
import { make } from './dom.ts';
import { describePool, toCents, toDuration, toPlural, toUsd } from './format.ts';

const sumOf = (attempts: readonly PageAttempt[], field: 'usd' | 'seconds' | 'wasteUsd') =>
  attempts.reduce((sum, attempt) => sum + (attempt[field] ?? 0), 0);

function describeUnbilled({ attempts, unbilled }: PageReceipt['lost']): string {
  if (attempts === 1) return 'It is not';
  return unbilled === attempts ? 'None of them is' : `${unbilled} of them ${unbilled === 1 ? 'is' : 'are'} not`;
}

function describeBilled({ billed, usd, seconds }: PageAttempt): string {
  if (!billed) return 'no, first hour';
  return usd || seconds ? 'yes' : 'nothing ran';
}

function describeWaste({ outcome, wasteUsd }: PageAttempt): string {
  if (outcome === 'Succeeded') return '';
  return wasteUsd === undefined ? 'not known' : toUsd(wasteUsd);
}

const describeRefused = ({ withoutInstance }: PageReceipt['lost']) =>
  withoutInstance ? `${toPlural(withoutInstance, 'attempt')} never had an instance and cost nothing.` : '';

function describeLost({ lost }: PageReceipt, atLeast: string): string {
  if (!lost.attempts) return 'Nothing: no attempt was lost.';
  const all = `${toUsd(lost.usd)} for ${toPlural(lost.attempts, 'attempt')}, of which ${atLeast}${toUsd(lost.wasteUsd)} bought no image`;
  if (!lost.unbilled) return `${all}. AWS billed all of it.`;
  const which = describeUnbilled(lost);
  return `${all}. ${which} expected on the bill: AWS took the instance back in its first hour, which is worth ${toUsd(lost.unbilledUsd)}; its volume and address are billed.`;
}

function describeSaving({ usd, onDemandUsd, savingPercent }: PageReceipt): string {
  if (!onDemandUsd) return 'nothing ran';
  const difference = onDemandUsd - usd;
  if (difference < 0) return `none: ${toUsd(-difference)} dearer (${-savingPercent} %)`;
  return `${toUsd(difference)} (${savingPercent} %)`;
}

function makeTotals(receipt: PageReceipt, atLeast: string): HTMLElement {
  const { simulated, usd, usdPerImage, onDemandUsd, plannedUsd } = receipt;
  const rows: readonly (readonly [string, string])[] = [
    ['Paid', simulated ? `nothing: simulated. On AWS it would have been ${toUsd(usd)}` : toUsd(usd)],
    ['Each new image', toCents(usdPerImage)],
    ['The same work on demand', toUsd(onDemandUsd)],
    ['Saving', describeSaving(receipt)],
    ['Lost attempts', [describeLost(receipt, atLeast), describeRefused(receipt.lost)].filter(Boolean).join(' ')],
    [
      'Planned',
      plannedUsd
        ? `${toUsd(plannedUsd.p50)} likely, ${toUsd(plannedUsd.p90)} in nine of ten cases, ${toUsd(plannedUsd.onDemand)} on demand`
        : 'no plan was made',
    ],
  ];
  return make(
    'dl',
    { class: 'totals' },
    ...rows.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]),
  );
}

/** What later choices of the job saw, the same price once. */
function describeLater({ usdPerHourLater }: PageAttempt): string {
  return usdPerHourLater?.length ? [...new Set(usdPerHourLater.map(toUsd))].join(', ') : 'not looked at';
}

type Column = readonly [name: string, kind: 'text' | 'number', toCell: (attempt: PageAttempt) => string];

/** On a phone the first ones are seen. */
const columns: readonly Column[] = [
  ['Outcome', 'text', ({ outcome }) => outcome],
  ['Cost', 'number', ({ usd }) => toUsd(usd)],
  ['Wasted', 'number', describeWaste],
  ['Billed', 'text', describeBilled],
  ['Images', 'number', ({ images }) => String(images ?? '')],
  ['Ran', 'number', ({ seconds }) => toDuration(seconds * 1000)],
  ['$/h at the pick', 'number', ({ usdPerHour }) => toUsd(usdPerHour)],
  ['$/h while it ran', 'number', describeLater],
  ['Pool', 'text', ({ pool }) => describePool(pool)],
];
const classOf = (kind: Column[1]) => (kind === 'number' ? 'number' : undefined);

function makeRow(attempt: PageAttempt): HTMLElement {
  const name = make('th', { scope: 'row' }, `${attempt.shard}.${attempt.attempt}`);
  const cells = columns.map(([, kind, toCell]) => make('td', { class: classOf(kind) }, toCell(attempt)));
  return make('tr', { class: attempt.outcome === 'Succeeded' ? undefined : 'lost-row' }, name, ...cells);
}

function makeSums(attempts: readonly PageAttempt[]): HTMLElement {
  const sums: Readonly<Record<string, string>> = {
    Cost: toUsd(sumOf(attempts, 'usd')),
    Wasted: toUsd(sumOf(attempts, 'wasteUsd')),
    Ran: toDuration(sumOf(attempts, 'seconds') * 1000),
  };
  const cells = columns.map(([name, kind]) => make('td', { class: classOf(kind) }, sums[name] ?? ''));
  return make('tr', {}, make('th', { scope: 'row' }, 'All'), ...cells);
}

function makeTable(attempts: readonly PageAttempt[]): HTMLElement {
  const names = columns.map(([name, kind]) => make('th', { scope: 'col', class: classOf(kind) }, name));
  const table = make(
    'table',
    {},
    make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, 'Shard.attempt'), ...names)),
    make('tbody', {}, ...attempts.map(makeRow)),
    make('tfoot', {}, makeSums(attempts)),
  );
  return make('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': 'Attempts' }, table);
}

/** What was paid for, to the hundredth of a cent. */
export function makeReceiptView({ receipt, attempts }: PageData): HTMLElement {
  const isKnown = attempts.every(({ wasteUsd }) => wasteUsd !== undefined);
  const atLeast = isKnown ? '' : 'at least ';
  const table = attempts.length
    ? [
        make('h2', {}, 'Attempts'),
        makeTable(attempts),
        make(
          'p',
          { class: 'note' },
          `Boot, idle time until AWS Batch ends the instance, volume, address and requests are in the cost.`,
        ),
      ]
    : [make('p', {}, 'No attempt was made.')];
  return make('div', {}, makeTotals(receipt, atLeast), ...table);
}
