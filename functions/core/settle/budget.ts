/**
 * A job's budget is `committed` = spent + set aside against `maxUsd`. Two rules, both in whole micro-dollars, because sums
 * of fractions drift:
 * 1. At 90 % nothing new starts: an attempt is refused once 90 % of `maxUsd` are committed before it. What is left then
 *    would buy little more than a boot.
 * 2. Worst cases fit: committed + the worst case of the attempt never passes `maxUsd`.
 */
const lastPart = 0.9;

const inMicros = (usd: number) => Number((usd * 1e6).toFixed(3));
/** What is spent is rounded up, what may be spent down. */
export const spentMicros = (usd: number) => Math.ceil(inMicros(usd));
export const limitMicros = (usd: number) => Math.floor(inMicros(usd));

/** The most that may be committed before an attempt of this worst case starts; below 0: it never fits. */
export function mostCommitted(worstUsd: number, maxUsd?: number): number {
  if (maxUsd === undefined) return Number.MAX_SAFE_INTEGER;
  const max = limitMicros(maxUsd);
  return Math.min(max - spentMicros(worstUsd), Math.ceil(max * lastPart) - 1);
}

/** The most that a new attempt may cost; undefined: no limit. */
export function budgetLeft(committedMicros: number, maxUsd?: number): number | undefined {
  if (maxUsd === undefined) return undefined;
  return committedMicros > mostCommitted(0, maxUsd) ? 0 : (limitMicros(maxUsd) - committedMicros) / 1e6;
}
