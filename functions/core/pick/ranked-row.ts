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

const percent = (share: number) => `${Math.round(100 * share)} %`;

/** What most of an image's price goes to: for one image the start and the idle tail, for thousands the rendering. */
function whatItPays({ startSeconds, seconds, idleSeconds }: Quote): string {
  const overhead = (startSeconds + idleSeconds) / (seconds + idleSeconds);
  return overhead > 0.5 ? `boot and end are ${percent(overhead)} of it` : `rendering is ${percent(1 - overhead)} of it`;
}

function howDear({ usdPerImage }: Quote, rank: number, best: Quote): string {
  if (rank === 0) return 'cheapest image';
  const dearer = usdPerImage / best.usdPerImage - 1;
  return `${percent(Math.abs(dearer))} ${dearer < 0 ? 'cheaper' : 'dearer'} an image`;
}

const whatItLoses = ({ lossesPerHour, evidence }: Quote) =>
  evidence.losses === 'measured' ? `, ${lossesPerHour.toFixed(2)} losses/h measured` : '';

export function toRankedRow(quote: Quote, rank: number, best: Quote): RankedRow {
  return {
    pool: quote.id,
    gpu: quote.gpu,
    usdPerHour: round(quote.usdPerHour, 4),
    usdPerImage: round(quote.usdPerImage, 3),
    minutes: round(quote.seconds / 60, 3),
    why: `${howDear(quote, rank, best)}: ${whatItPays(quote)}, speed ${quote.evidence.speed}${whatItLoses(quote)}`,
  };
}

export function toRankedRows(quotes: readonly Quote[], limit = 5): readonly RankedRow[] {
  const best = quotes[0];
  return best ? quotes.slice(0, limit).map((quote, rank) => toRankedRow(quote, rank, best)) : [];
}
