import type { Evidence } from '../market/throughput.ts';
import type { Quote } from './quote.ts';

/**
 * What nine of ten cases stay below, as a multiple of a figure. Measured: a median of the same type, where single attempts
 * differ by some percent (docs/decisions/0017 has what each percent costs a job with a deadline).
 * Published: other versions of the same libraries were 1.1 to 1.5 apart (eager against compiled). Assumed: a ratio of
 * memory bandwidths, which between published neighbours was 1.6 off at most.
 */
const spreads: Readonly<Record<Evidence, number>> = { measured: 1.05, published: 1.3, assumed: 1.6 };

/** Start and rendering in nine of ten cases, without a loss. Seconds. */
export function slowSeconds({ startSeconds, seconds, evidence }: Quote, part = 1): { start: number; render: number } {
  const render = (seconds - startSeconds) * part;
  return { start: startSeconds * spreads[evidence.start], render: render * spreads[evidence.speed] };
}
