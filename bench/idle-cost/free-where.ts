import type { Pricing } from './charges.ts';
import { valueAt } from './template.ts';

/** No charge as long as a property has the value that makes it so. */
export const freeWhere =
  (path: string, wanted: unknown, why: string): Pricing =>
  (resources) => {
    for (const resource of resources) {
      const found = valueAt(resource, path);
      if (found === wanted) continue;
      throw new Error(
        `Expected \`${path}\` of \`${resource.id}\` (${resource.type}) to be \`${wanted}\`, got \`${found}\`: ` +
          'it would cost money while nobody uses it. To fix: set it, or price it in bench/idle-cost/price-table.ts.',
      );
    }
    return { usd: 0, freeUsd: 0, why };
  };
