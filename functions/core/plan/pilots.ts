import type { Outlook } from '../market/outlook.ts';
import { isRejected, type Quote, quoteWork } from '../pick/quote.ts';
import { findSpeed, listedShare } from '../pick/speed.ts';
import type { Work } from '../pick/work.ts';

/** A listed speed may be this far off. */
const listedOff = 3;

/**
 * Images of a pilot shard. Four are trusted as an attempt (`lesson-of-attempt.ts`), the first batch, up to eight, is left
 * out for its warm-up; more would only pay more for a pool that is slow after all.
 */
export const pilotImages = 16;

/**
 * Of what the job is expected to cost: what all its pilots may cost together. With right speeds listed it is what the first jobs of
 * 2,000 images pay too much, an eighth each; with wrong ones half of it leaves some in the wrong pool for ever
 * (docs/decisions/0018).
 */
const pilotShare = 0.2;

/** What a quote would come to if the part of its speed that is only listed were three times too slow. */
function hopedUsd(quote: Quote, work: Work, outlook: Outlook): number {
  const type = outlook.types.find(({ name }) => name === quote.pool.instanceType);
  const measured = (type && findSpeed(work, type, outlook)?.weight) ?? 0;
  const renderSeconds = quote.seconds - quote.startSeconds;
  return quote.usd * ((quote.startSeconds + renderSeconds / listedOff ** listedShare(measured)) / quote.seconds);
}

/**
 * Pools that are believed dear by a listed speed alone, and might be the cheapest: the most hopeful first, one for each
 * GPU. Who only ever takes the cheapest never finds out.
 * @param quotes of the work, the cheapest first
 */
export function findPilots(work: Work, quotes: readonly Quote[], outlook: Outlook): readonly Quote[] {
  const [best, ...others] = quotes;
  if (!best) return [];
  const seen = new Set([best.gpu]);
  return others
    .filter(({ pool }) => pool.market === best.pool.market && pool.azId !== 'any')
    .map((quote) => ({ quote, usd: hopedUsd(quote, work, outlook) }))
    .filter(({ usd }) => usd < best.usd)
    .toSorted((a, b) => a.usd - b.usd)
    .flatMap(({ quote }) => {
      if (seen.has(quote.gpu)) return [];
      seen.add(quote.gpu);
      return quote;
    });
}

/**
 * The pilots that a job can afford, each the quote of its few images: a start more, which pays for itself in the first job
 * that it leads to a cheaper pool.
 * @param shard the work of one shard
 * @param quotes of that shard, the cheapest first
 * @param shards of the job, about
 */
export function planPilots(shard: Work, quotes: readonly Quote[], outlook: Outlook, shards: number): readonly Quote[] {
  let left = (quotes[0]?.usd ?? 0) * shards * pilotShare;
  return findPilots(shard, quotes, outlook).flatMap(({ pool }) => {
    const pilot = quoteWork({ ...shard, images: pilotImages }, pool, outlook);
    if (isRejected(pilot) || pilot.usd > left) return [];
    left -= pilot.usd;
    return pilot;
  });
}
