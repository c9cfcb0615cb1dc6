import type { LearnedSpeed } from '../learn/learned.ts';
import { compileFromImages } from './speed.ts';
import type { Work } from './work.ts';

/** What fits into the variables of a container override beside the others (8 KiB in all). */
const mostSizes = 20;

/**
 * The worker's variable `LEARNED`: by size, the compute batch that was found on this type and from how many images on
 * compiling pays there (container/worker/learned.py).
 */
export function tellWorker({ model, typical }: Work, instanceType: string, speeds: readonly LearnedSpeed[]): string {
  const known = speeds
    .filter((row) => row.model === model && row.instanceType === instanceType && (row.layout || row.compiled))
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, mostSizes);
  const bySize = known.map((row) => {
    const from = compileFromImages(row, typical.steps);
    return [row.size, { ...row.layout, ...(from === undefined ? {} : { compileFromImages: from }) }];
  });
  return JSON.stringify(Object.fromEntries(bySize));
}
