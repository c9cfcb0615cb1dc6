/** Below a millionth JavaScript writes an exponent. */
export const money = (usd: number) =>
  usd > 0 && usd < 1e-6 ? '<$0.000001' : `$${usd < 0.1 ? usd.toPrecision(3) : usd.toFixed(2)}`;

export const count = (number: number, thing: string) => `${number} ${thing}${number === 1 ? '' : 's'}`;

/** `a, b and 3 more` */
export const listed = (names: readonly string[], most: number) =>
  names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ');

/** Bytes for a person. */
export function size(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  // From 1000 on three digits would be written with an exponent.
  return `${power === 0 || value >= 999.5 ? Math.round(value) : value.toPrecision(3)} ${units[power]}`;
}
