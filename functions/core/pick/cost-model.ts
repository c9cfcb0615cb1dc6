/** What decides what an attempt costs. USD, seconds. */
export interface Terms {
  readonly usdPerHour: number;
  readonly lossesPerHour: number;
  /** Boot, image pull and loading the weights, before the first image. */
  readonly startSeconds: number;
  readonly images: number;
  readonly secondsPerImage: number;
  /** From the end of the container to the end of the instance. */
  readonly idleSeconds: number;
}

export interface Cost {
  /** Of all images together, expected losses included. */
  readonly usd: number;
  /** Start and all images, without a loss. */
  readonly seconds: number;
  /** With the losses that are expected. */
  readonly expectedSeconds: number;
}

const hour = 3600;

/** Billed with every instance: a gp3 volume of 100 GiB, 0.08 USD/GiB-month = 1.1 cents/h, and a public IPv4, 0.5 cents/h. */
export const extrasUsdPerHour = 0.016;

/** S3 PUTs at 0.005 USD per 1,000: the image and its two thumbnails. */
export const requestsUsdPerImage = (3 * 0.005) / 1000;

/** An instance at work, with its volume and address. */
export const usdForSeconds = (usdPerHour: number, seconds: number) =>
  ((usdPerHour + extrasUsdPerHour) * seconds) / hour;

/**
 * Lost after t seconds, any t from 0 to T = S + R as likely as another, and taken up elsewhere at the same price.
 * Finished images stay: what is paid again is the start S, or t before the first image, and half an image in work.
 */
function afterLoss({ startSeconds, images, secondsPerImage }: Terms) {
  const rendering = images * secondsPerImage;
  const all = startSeconds + rendering;
  const kept = rendering ** 2 / (2 * all);
  const torn = ((secondsPerImage / 2) * rendering) / all;
  const again = all - kept + torn;
  // EC2 does not bill an instance that it takes back in its first hour: the mean of the t above one hour.
  const billed = all > hour ? (all ** 2 - hour ** 2) / (2 * all) : 0;
  return { before: all / 2, billed, again };
}

/**
 * To the first order in q = 1 - exp(-lossesPerHour x (S + R)): no loss, or one loss and then none.
 *
 *   no loss:  (price + extras) x (S + R + idle)
 *   one loss: price x billed + extras x t + (price + extras) x (what is rendered again or still to do + idle)
 *
 * By the second sum a loss in the first, free hour can cost less than none. A picker that believed it would look for
 * the pools that lose the most; so what is expected is never less than what no loss costs.
 */
export function costOf(terms: Terms): Cost {
  const { usdPerHour, lossesPerHour, startSeconds, images, secondsPerImage, idleSeconds } = terms;
  const seconds = startSeconds + images * secondsPerImage;
  const lossChance = 1 - Math.exp((-lossesPerHour * seconds) / hour);
  const { before, billed, again } = afterLoss(terms);
  const undisturbed = usdForSeconds(usdPerHour, seconds + idleSeconds);
  const disturbed =
    (usdPerHour * billed + extrasUsdPerHour * before) / hour + usdForSeconds(usdPerHour, again + idleSeconds);
  const expected = undisturbed + lossChance * (disturbed - undisturbed);
  return {
    usd: Math.max(undisturbed, expected) + images * requestsUsdPerImage,
    seconds,
    expectedSeconds: seconds + lossChance * (before + again - seconds),
  };
}
