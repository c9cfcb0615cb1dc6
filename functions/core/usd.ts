/** A price as AWS writes it, `0.526000`; undefined for anything else, zero included: AWS gives no GPU away. */
export function readUsd(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^\d{1,6}(\.\d+)?$/.test(text)) return undefined;
  return Number(text) || undefined;
}

/** To the least amount that a receipt knows, a millionth of a dollar. */
export const roundUsd = (usd: number) => Number(usd.toFixed(6));
