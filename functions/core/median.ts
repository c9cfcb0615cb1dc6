export interface Weighted {
  readonly value: number;
  readonly weight: number;
}

/** The value at which half of the weight lies below. Weights above 0; 0 for no values. */
export function weightedMedian(values: readonly Weighted[]): number {
  const sorted = values.toSorted((a, b) => a.value - b.value);
  const half = sorted.reduce((total, { weight }) => total + weight, 0) / 2;
  let below = 0;
  for (const { value, weight } of sorted) {
    below += weight;
    if (below >= half) return value;
  }
  return 0;
}

export const median = (values: readonly number[]) => weightedMedian(values.map((value) => ({ value, weight: 1 })));
