import type { Quote } from './quote.ts';

/** A line of the ranked table as it stands in a state's output: readable in the console. */
export interface RankedRow {
  readonly pool: string;
  readonly gpu: string;
  readonly usdPerHour: number;
  readonly usdPerImage: number;
  readonly minutes: number;
  readonly why: string;
}

const round = (value: number, digits: number) => Number(value.toPrecision(digits));

export function toRankedRow(quote: Quote, rank: number, best: Quote): RankedRow {
  const dearer = (quote.usdPerImage / best.usdPerImage - 1) * 100;
  return {
    pool: quote.id,
    gpu: quote.gpu,
    usdPerHour: round(quote.usdPerHour, 4),
    usdPerImage: round(quote.usdPerImage, 3),
    minutes: round(quote.seconds / 60, 3),
    why: `${rank === 0 ? 'cheapest image' : `${Math.abs(dearer).toFixed(0)} % ${dearer < 0 ? 'cheaper' : 'dearer'} an image`} (speed ${quote.evidence})`,
  };
}

export function toRankedRows(quotes: readonly Quote[], limit = 5): readonly RankedRow[] {
  const best = quotes[0];
  return best ? quotes.slice(0, limit).map((quote, rank) => toRankedRow(quote, rank, best)) : [];
}
