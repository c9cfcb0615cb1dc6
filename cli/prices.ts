import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findModel, renderedModelIds } from '../functions/core/models.ts';
import { INSTANCE_TYPES } from '../local/prices.ts';
import type { Period } from './prices/pool-prices.ts';
import { drawPriceChart } from './prices/price-chart.ts';
import { priceLines } from './prices/price-lines.ts';
import { type PricedPool, quotePools } from './prices/quote-pools.ts';
import { readLiveMarket, readSyntheticMarket } from './prices/read-market.ts';
import { money } from './tables.ts';
import { UsageProblem } from './usage-problem.ts';

const options = {
  days: { type: 'string' },
  model: { type: 'string' },
  count: { type: 'string' },
  prices: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean' },
} as const;

const day = 86_400_000;
/** As long as AWS keeps its history. */
const mostDays = 90;

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (error) {
    throw new UsageProblem(error instanceof Error ? (error.message.split('. To specify')[0] ?? '') : String(error));
  }
}

function toWhole(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new UsageProblem(`Expected \`--${flag}\` to be a whole number from 1 to ${most}, got \`${text}\`.`);
}

function toOneOf(flag: string, text: string, known: readonly string[]): string {
  if (known.includes(text)) return text;
  throw new UsageProblem(`Expected \`--${flag}\` to be one of ${known.join(', ')}, got \`${text}\`.`);
}

function toTerms(argv: readonly string[]) {
  const values = parse(argv);
  return {
    days: toWhole('days', values.days ?? '7', mostDays),
    images: toWhole('count', values.count ?? '500', 100_000),
    model: toOneOf('model', values.model ?? 'sdxl', renderedModelIds),
    prices: toOneOf('prices', values.prices ?? 'synthetic', ['synthetic', 'live']),
    out: resolve(values.out ?? 'out'),
    json: values.json === true,
  };
}

const synthetic = 'SYNTHETIC: published prices times a seeded walk, nobody paid them (--prices live asks AWS)';

function bestOf([best]: readonly PricedPool[], images: number): string {
  if (!best || best.usdPerImage === undefined) return 'No pool can render it.';
  const { instanceType, azId, market } = best;
  return `Cheapest image: ${money(best.usdPerImage)} on ${instanceType} in ${azId} (${market}), for a job of ${images}.`;
}

const rounded = (usd: number) => Number(usd.toPrecision(6));

/** Spot prices of the last days, per pool and per image, as a table and as a chart; nothing is rendered or spent. */
export async function pricesCommand(argv: readonly string[]): Promise<number> {
  const { days, images, model, prices, out, json } = toTerms(argv);
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
  if (json) {
    const rows = pools.map((pool) => ({
      ...pool,
      usdPerImage: pool.usdPerImage === undefined ? undefined : rounded(pool.usdPerImage),
    }));
    process.stdout.write(
      `${JSON.stringify({ source: prices, region: market.region, days, model, images, ...period, pools: rows, gaps: market.gaps, chart })}\n`,
    );
    return 0;
  }
  const about = `${title}. ${what}.`;
  const size = findModel(model)?.size.default;
  const heading = `An image: ${model}, ${size}x${size}, in a job of ${images}, with start and end of the instance; speeds as listed, not learned.`;
  process.stdout.write(
    `${[about, heading, ...priceLines(pools, period, days), best, ...market.gaps, `Chart: ${chart}`].join('\n')}\n`,
  );
  return 0;
}
