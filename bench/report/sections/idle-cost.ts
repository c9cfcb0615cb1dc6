import { origin, table } from '../markdown.ts';
import { need, type Records } from '../records.ts';

const usd = (value: number) => `$${value.toFixed(2)}`;

export function renderIdleCost(records: Records): string {
  const record = need(records, 'idle-cost');
  const { usdPerMonth, usdPerMonthWithoutFreeTier, items } = record.figures;
  const paid = items.filter((item) => item.usdPerMonthWithoutFreeTier > 0);
  const rows = paid.map((item) => [
    `\`${item.type}\``,
    usd(item.usdPerMonth),
    usd(item.usdPerMonthWithoutFreeTier),
    item.why,
  ]);
  const total = ['all', usd(usdPerMonth), usd(usdPerMonthWithoutFreeTier), ''];
  return `${origin(record)}\n${table(['a month', 'inside the free tier', 'without it', 'why'], [...rows, total])}`;
}
