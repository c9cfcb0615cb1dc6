import { costOf } from '../../functions/core/pick/cost-model.ts';
import type { Quote } from '../../functions/core/pick/quote.ts';
import { meanPrice, type PriceSteps } from '../replay/prices.ts';

/**
 * What a job came to: the product's cost model (`cost-model.ts`) with the mean of the prices that came while it ran in
 * place of the price that it was picked at. Undefined where the pool had no price at that hour.
 */
export function billedUsd(quote: Quote, images: number, steps: PriceSteps, startedAt: number): number | undefined {
  const endedAt = startedAt + (quote.seconds + quote.idleSeconds) * 1000;
  const usdPerHour = meanPrice(steps, startedAt, endedAt);
  if (usdPerHour === undefined) return undefined;
  const { lossesPerHour, startSeconds, secondsPerImage, idleSeconds } = quote;
  return costOf({ usdPerHour, lossesPerHour, startSeconds, images, secondsPerImage, idleSeconds }).usd;
}
