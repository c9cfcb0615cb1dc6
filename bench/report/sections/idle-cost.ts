import type { IdleCost } from '../../idle-cost/compute.ts';
import { origin, table, thousands } from '../markdown.ts';
import { need, type Records } from '../records.ts';

const usd = (value: number) => `$${value.toFixed(2)}`;
/** Of a gigabyte: $0.10, $0.023. */
const rate = (value: number) => `$${value.toLocaleString('en-US', { minimumFractionDigits: 2 })}`;

function renderItems({ items, imageUsdPerMonth: image, ...all }: IdleCost): string {
  const paid = items.filter((item) => item.usdPerMonthWithoutFreeTier > 0);
  const rows = paid.map((item) => [
    `\`${item.type}\``,
    usd(item.usdPerMonth),
    usd(item.usdPerMonthWithoutFreeTier),
    item.why,
  ]);
  const total = (name: string, more: number, why: string) => [
    name,
    ...[all.usdPerMonth, all.usdPerMonthWithoutFreeTier].map((value) => usd(value + more)),
    why,
  ];
  const sums = [
    total('all', 0, 'without what is stored'),
    total('with one image of the worker', image, `${usd(image)} in ECR: there from the deploy on`),
  ];
  return table(['a month', 'inside the free tier', 'without it', 'why'], [...rows, ...sums]);
}

const renderStored = ({ stored }: IdleCost): string =>
  table(
    ['stored', 'a GB and month', 'where, and about how much (estimates)'],
    stored.map(({ what, usdPerGbMonth, why }) => [what, rate(usdPerGbMonth), why]),
  );

const renderLater = ({ later }: IdleCost): string =>
  later
    .map(({ afterDays, addsUsdPerMonth, why }) => {
      return `After ${thousands(afterDays)} days ${usd(addsUsdPerMonth)} a month more: ${why}.\n`;
    })
    .join('');

export function renderIdleCost(records: Records): string {
  const record = need(records, 'idle-cost');
  const { figures } = record;
  const parts = [origin(record), renderItems(figures), renderStored(figures), renderLater(figures)];
  return parts.filter(Boolean).join('\n');
}
