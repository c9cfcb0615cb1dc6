/** Decibels between two pictures of 8 bits a channel; above 40 nobody sees a difference. */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length)
    throw new TypeError(`Expected pictures of one size, got ${a.length} and ${b.length} bytes`);
  let squares = 0;
  for (const [index, value] of a.entries()) squares += (value - (b[index] ?? 0)) ** 2;
  return 10 * Math.log10(255 ** 2 / (squares / a.length));
}
