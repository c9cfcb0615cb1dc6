import { expandPrompts } from '../../functions/core/input/expand-prompts.ts';
import { mergeFacts } from '../../functions/core/market/instance-facts.ts';
import { findInstanceType } from '../../functions/core/market/instance-types.ts';
import { emptyOutlook, type OnDemandPrice, type Outlook } from '../../functions/core/market/outlook.ts';
import { listPools, poolId } from '../../functions/core/market/pools.ts';
import { advisorBands } from '../../functions/core/market/spot-advisor.ts';
import type { Evidence } from '../../functions/core/market/throughput.ts';
import { rankPools } from '../../functions/core/pick/rank-pools.ts';
import { describeWork, type Work } from '../../functions/core/pick/work.ts';
import type { PoolPrices } from './pool-prices.ts';

/** A pool as the table and the chart show it. */
export interface PricedPool extends PoolPrices {
  readonly market: 'spot' | 'on-demand';
  readonly gpu: string;
  /** Of a job of so many images, start and end of the instance in it; absent: `reason` says why. */
  readonly usdPerImage?: number;
  /** Where the speed is from that the cost rests on. */
  readonly evidence?: Evidence;
  readonly reason?: string;
}

export interface Market {
  readonly region: string;
  readonly spot: readonly PoolPrices[];
  readonly onDemand: readonly OnDemandPrice[];
}

/** Images of the model's own size and steps. */
function describeImages(model: string, images: number): Work {
  const { images: made } = expandPrompts(
    [{ prompt: 'a picture', model }],
    {},
    { defaultModel: model, pathOf: () => [] },
  );
  const work = describeWork(made.map(({ recipe }) => recipe));
  if (!work) throw new TypeError(`Expected a model that is rendered, got \`${model}\``);
  return { ...work, images };
}

function toOutlook({ region, spot, onDemand }: Market, names: readonly string[]): Outlook {
  return {
    ...emptyOutlook,
    types: mergeFacts(names, []),
    spotPrices: spot.map(({ azId, instanceType, now }) => ({ azId, instanceType, usdPerHour: now })),
    onDemandPrices: onDemand,
    advisor: advisorBands(region, names),
  };
}

const flat = ({ instanceType, usdPerHour }: OnDemandPrice): PoolPrices => ({
  instanceType,
  azId: 'any',
  ...{ now: usdPerHour, min: usdPerHour, median: usdPerHour, max: usdPerHour },
  points: [],
});

/** Each pool with its price and what an image costs there by the product's own ranking, the cheapest image first. */
export function quotePools(market: Market, model: string, images: number): readonly PricedPool[] {
  const rows = [
    ...market.spot.map((prices) => ({ ...prices, market: 'spot' as const })),
    ...market.onDemand.map((price) => ({ ...flat(price), market: 'on-demand' as const })),
  ];
  const names = [...new Set(rows.map(({ instanceType }) => instanceType))];
  const pools = listPools([...new Set(market.spot.map(({ azId }) => azId))], names);
  const { quotes, rejected } = rankPools(describeImages(model, images), pools, toOutlook(market, names), {
    onDemand: 'fallback',
  });
  const priced = rows.map((row): PricedPool => {
    const id = poolId(row);
    const quote = quotes.find((candidate) => candidate.id === id);
    const gpu = findInstanceType(row.instanceType)?.gpu ?? 'unknown';
    if (quote) return { ...row, gpu, usdPerImage: quote.usdPerImage, evidence: quote.evidence.speed };
    return { ...row, gpu, reason: rejected.find((candidate) => candidate.id === id)?.reason ?? 'not ranked' };
  });
  return priced.toSorted(
    (a, b) => (a.usdPerImage ?? Number.MAX_VALUE) - (b.usdPerImage ?? Number.MAX_VALUE) || a.now - b.now,
  );
}
