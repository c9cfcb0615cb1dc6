import Table from 'cli-table3';
import type { PlanView } from './moments.ts';

export const money = (usd: number) => `$${usd < 0.1 ? usd.toPrecision(3) : usd.toFixed(2)}`;

export const count = (number: number, thing: string) => `${number} ${thing}${number === 1 ? '' : 's'}`;

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** The ranked pools: cheapest image first. */
export function poolTable(plan: PlanView, color: boolean): string {
  const table = new Table({
    head: ['', 'pool', 'GPU', 'an hour', 'an image', 'ready in', 'why'],
    style: { head: color ? ['bold'] : [], border: [], compact: true },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: ' ',
    },
    colAligns: ['right', 'left', 'left', 'right', 'right', 'right', 'left'],
  });
  for (const [index, row] of plan.ranked.entries()) {
    const { pool, gpu, usdPerHour, usdPerImage, minutes, why } = row;
    table.push([index + 1, pool, gpu, money(usdPerHour), money(usdPerImage), duration(minutes * 60), why]);
  }
  return table.toString();
}

export function planLines(plan: PlanView, color: boolean): readonly string[] {
  const { costUsd, readySeconds, shards, concurrency, rejected } = plan;
  const images = shards.reduce((sum, shard) => sum + shard.images, 0);
  const out = rejected[0] ? [`${rejected.length} pools left out, e.g. ${rejected[0].id}: ${rejected[0].reason}`] : [];
  return [
    ...poolTable(plan, color).split('\n'),
    ...out,
    `${count(images, 'image')} in ${count(shards.length, 'shard')}, ${concurrency} at once. On AWS: ` +
      `${money(costUsd.p50)} on Spot (p90 ${money(costUsd.p90)}), ${money(costUsd.onDemand)} on demand; ` +
      `ready in ${duration(readySeconds.p50)} (p90 ${duration(readySeconds.p90)}).`,
  ];
}
