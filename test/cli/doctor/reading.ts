import type { PendingRequest, QuotaReading } from '../../../cli/quota/read-quotas.ts';
import type { Answer } from '../../../functions/core/market/gap.ts';
import type { Market } from '../../../functions/core/market/pools.ts';
import { quotaOf } from '../../../functions/core/market/quotas.ts';

export interface ReadingOver {
  readonly have?: number | Answer<number | undefined>;
  readonly used?: number;
  readonly others?: number;
  readonly pending?: PendingRequest;
  readonly family?: string;
}

const toAnswer = (value: number | Answer<number | undefined>) => (typeof value === 'number' ? { value } : value);

/** A quota as AWS tells of it: the one that G instances draw on, unless something else is said. */
export function aReading(
  market: Market,
  { have = 64, used = 0, others = 0, pending, family = 'g6.xlarge' }: ReadingOver = {},
): QuotaReading {
  const quota = quotaOf(family, market);
  if (!quota) throw new TypeError(`Expected a type with a quota, got ${family}`);
  return {
    quota,
    market,
    have: toAnswer(have),
    used: { value: used },
    others: { value: others },
    pending: { value: pending },
  };
}
