import type { Period, PoolPrices } from './pool-prices.ts';

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const middle = bars[3];

/** The price at the end of each of `width` equal parts; a space where there was none yet. */
export function sparkline(
  { points, min, max }: Pick<PoolPrices, 'points' | 'min' | 'max'>,
  period: Period,
  width = 24,
) {
  const part = (period.to - period.from) / width;
  return Array.from({ length: width }, (_, index) => {
    const end = period.from + (index + 1) * part;
    const price = points.findLast(([at]) => at < end)?.[1];
    if (price === undefined) return ' ';
    if (max === min) return middle;
    return bars[Math.min(bars.length - 1, Math.floor(((price - min) / (max - min)) * bars.length))];
  }).join('');
}
