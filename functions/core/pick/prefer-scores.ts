import { fewestScoredTypes } from '../market/kept-scores.ts';
import type { PlacementScore } from '../market/outlook.ts';
import type { Quote } from './quote.ts';

/** Pools whose image costs this much more at most are as cheap as the cheapest of them. */
const asCheap = 1.03;

/**
 * Among pools that are as cheap as each other, the zone that AWS scores higher comes first: capacity there is likelier.
 * Never a reason to leave a pool out; without scores, or for fewer than three types, nothing changes.
 * @param sorted the cheapest image first
 */
export function preferScores(sorted: readonly Quote[], scores: readonly PlacementScore[]): readonly Quote[] {
  const types = new Set(sorted.map((quote) => quote.pool.instanceType));
  if (!scores.length || types.size < fewestScoredTypes) return sorted;
  const scoreOf = ({ pool }: Quote) => {
    const score = scores.find((row) => row.azId === pool.azId)?.score ?? 0;
    return Number.isFinite(score) ? score : 0;
  };
  const ordered: Quote[] = [];
  while (ordered.length < sorted.length) {
    const rest = sorted.slice(ordered.length);
    const most = (rest[0]?.usdPerImage ?? 0) * asCheap;
    const equals = rest.filter((quote) => quote.usdPerImage <= most);
    // A stable sort: equal scores keep the order of the cost.
    ordered.push(...equals.toSorted((a, b) => scoreOf(b) - scoreOf(a)));
  }
  return ordered;
}
