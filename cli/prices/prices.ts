import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findModel } from '../../functions/core/input/models.ts';
import { INSTANCE_TYPES } from '../../local/market/published-prices.ts';
import { money } from '../words/amounts.ts';
import { answer } from '../words/answer.ts';
import type { Period } from './pool-prices.ts';
import { drawPriceChart } from './price-chart.ts';
import { priceLines } from './price-lines.ts';
import { type PricedPool, quotePools } from './quote-pools.ts';
import { readLiveMarket, readSyntheticMarket } from './read-market.ts';

export interface PricesFlags {
  readonly days: number;
  readonly count: number;
  readonly model: string;
  readonly prices: string;
  readonly out: string;
  readonly json?: boolean;
}

const day = 86_400_000;

const synthetic = 'SYNTHETIC: published prices times a seeded walk, nobody paid them (--prices live asks AWS)';

function bestOf([best]: readonly PricedPool[], images: number): string {
  if (!best || best.usdPerImage === undefined) return 'No pool can render it.';
  const { instanceType, azId, market } = best;
  return `Cheapest image: ${money(best.usdPerImage)} on ${instanceType} in ${azId} (${market}), for a job of ${images}.`;
}

const rounded = (usd: number) => Number(usd.toPrecision(6));

/** Spot prices of the last days, per pool and per image, as a table and as a chart; nothing is rendered or spent. */
export async function pricesCommand({
  days,
  count: images,
  model,
  prices,
  json,
  ...flags
}: PricesFlags): Promise<number> {
  const out = resolve(flags.out);
  const to = Date.now();
  const period: Period = { from: to - days * day, to };
  const isLive = prices === 'live';
  const market = await (isLive ? readLiveMarket : readSyntheticMarket)(INSTANCE_TYPES, period);
  const pools = quotePools(market, model, images);
  const what = isLive ? `AWS, ${new Date(to).toISOString()}` : synthetic;
  const best = bestOf(pools, images);
  const title = `Spot prices in ${market.region}, last ${days} day${days === 1 ? '' : 's'}`;
  const chart = join(out, 'prices.svg');
  await mkdir(out, { recursive: true });
  await writeFile(chart, await drawPriceChart({ pools, period, title, subtitle: `USD an hour. ${what}.\n${best}` }));
  const rows = pools.map((pool) => ({
    ...pool,
    usdPerImage: pool.usdPerImage === undefined ? undefined : rounded(pool.usdPerImage),
  }));
  const { region, gaps } = market;
  const object = { source: prices, region, days, model, images, ...period, pools: rows, gaps, chart };
  const size = findModel(model)?.size.default;
  const heading = `An image: ${model}, ${size}x${size}, in a job of ${images}, with start and end of the instance; speeds as listed, not learned.`;
  const lines = [`${title}. ${what}.`, heading, ...priceLines(pools, period, days), best, ...gaps, `Chart: ${chart}`];
  answer(json, object, lines);
  return 0;
}
