import { bootSeconds } from './around-container.ts';
import { requestsUsdPerImage, usdForSeconds } from './cost-model.ts';
import type { Quote } from './quote.ts';

/** An attempt in a pool, with the time that it may take. USD, seconds. */
export interface Offer {
  readonly quote: Quote;
  /** Batch's limit for the container: no worker costs more than its reservation, even if the workflow dies. */
  readonly timeoutSeconds: number;
  readonly worstUsd: number;
  /** The budget, not the work, decides how long it may run. */
  readonly budgetLimited: boolean;
}

/** Batch takes no shorter one. */
const shortestTimeout = 60;

/** Twice the quote and a quarter of an hour: a slow start is no fault, a hanging worker is. */
const attemptTimeout = (quote: Quote) => Math.ceil(Math.max(shortestTimeout, 2 * quote.seconds + 900));

/**
 * Billed around the container: a boot that is as slow as assumed at least, and the idle tail. An instance that idles now
 * may be gone, or taken, by then.
 */
const aroundSeconds = (quote: Quote) => Math.max(quote.coldBootSeconds, bootSeconds) + quote.coldIdleSeconds;

const requestsUsd = (images: number) => images * requestsUsdPerImage;

const worstUsd = (quote: Quote, timeoutSeconds: number, images: number) =>
  usdForSeconds(quote.usdPerHour, timeoutSeconds + aroundSeconds(quote)) + requestsUsd(images);

/** How long a container may run so that the worst case costs `usd`. */
const secondsFor = (quote: Quote, usd: number, images: number) =>
  Math.floor((usd - requestsUsd(images)) / usdForSeconds(quote.usdPerHour, 1) - aroundSeconds(quote));

const loadSeconds = (quote: Quote) => quote.startSeconds - quote.bootSeconds;

/** Finished images in a container of this length: below 1 it is money for nothing. */
const imagesWithin = (quote: Quote, timeoutSeconds: number, images: number) =>
  Math.min(images, Math.floor((timeoutSeconds - loadSeconds(quote)) / quote.secondsPerImage));

function toOffer(quote: Quote, images: number, leftUsd: number | undefined): Offer | undefined {
  const wanted = attemptTimeout(quote);
  const worst = worstUsd(quote, wanted, images);
  if (leftUsd === undefined || worst <= leftUsd) {
    return { quote, timeoutSeconds: wanted, worstUsd: worst, budgetLimited: false };
  }
  const timeoutSeconds = secondsFor(quote, leftUsd, images);
  if (timeoutSeconds < shortestTimeout || imagesWithin(quote, timeoutSeconds, images) < 1) return undefined;
  return { quote, timeoutSeconds, worstUsd: worstUsd(quote, timeoutSeconds, images), budgetLimited: true };
}

/** The least that an attempt in this pool may cost at worst: its start and one image. */
export const leastUsd = (quote: Quote, images: number) =>
  worstUsd(quote, Math.ceil(Math.max(shortestTimeout, loadSeconds(quote) + quote.secondsPerImage)), images);

/**
 * The first pool whose time pays for all images; where what is left pays for none of that, the one with the most images.
 * @param quotes best first
 * @param leftUsd undefined: no limit
 */
export function offerWithin(quotes: readonly Quote[], images: number, leftUsd?: number): Offer | undefined {
  const offers = quotes.flatMap((quote) => toOffer(quote, images, leftUsd) ?? []);
  const count = ({ quote, timeoutSeconds }: Offer) => imagesWithin(quote, timeoutSeconds, images);
  // A stable sort: of two that finish as many, the better one.
  return offers.toSorted((a, b) => count(b) - count(a))[0];
}
