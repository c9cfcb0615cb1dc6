/** The least amount that a receipt knows: a millionth of a dollar, a ten-thousandth of a cent. */
const perUsd = 1_000_000;

/** In millionths of a dollar, a whole number. */
export const toMillionths = (usd: number) => Math.round(usd * perUsd);

/** With four decimals. */
export const toCents = (usd: number) => toMillionths(usd) / 10_000;

/**
 * Rounds each amount to whole units so that together they are `total`: each is rounded down, and what is left goes to the
 * largest remainders, the first of equal ones first. Where the amounts say nothing, nothing is given to anybody.
 * @param amounts not negative, in any unit: only their proportions count
 * @param total whole units, not negative
 */
export function apportion(amounts: readonly number[], total: number): readonly number[] {
  const sum = amounts.reduce((all, amount) => all + amount, 0);
  if (!(sum > 0)) return amounts.map(() => 0);
  const exact = amounts.map((amount) => (amount / sum) * total);
  const whole = exact.map(Math.floor);
  let left = total - whole.reduce((all, units) => all + units, 0);
  const order = exact
    .map((units, index) => ({ index, remainder: units - Math.floor(units) }))
    .toSorted((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of order) {
    if (left <= 0) break;
    whole[index] = (whole[index] ?? 0) + 1;
    left -= 1;
  }
  return whole;
}

/** US dollars of each, in millionths, that add up to the whole. */
export const apportionUsd = (amounts: readonly number[], usd: number): readonly number[] =>
  apportion(amounts, toMillionths(usd)).map((units) => units / perUsd);
