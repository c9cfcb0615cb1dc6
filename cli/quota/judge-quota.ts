import { findInstanceType, type InstanceType, instanceTypes } from '../../functions/core/market/instance-types.ts';
import type { Pool } from '../../functions/core/market/pools.ts';
import { adviseQuota, figuresOf, quotaLink } from '../../functions/core/market/quota-advice.ts';
import type { QuotaOfMarket } from '../../functions/core/market/quota-room.ts';
import { quotaOf } from '../../functions/core/market/quotas.ts';
import type { PendingRequest, QuotaReading } from './read-quotas.ts';

interface Named {
  readonly code: string;
  readonly name: string;
  readonly link: string;
}

/** What is to be done about a quota. */
export type QuotaVerdict = Named &
  (
    | { readonly state: 'enough'; readonly have: number; readonly need: number }
    | { readonly state: 'short'; readonly have: number; readonly to: number; readonly text: string }
    | { readonly state: 'pending'; readonly have: number; readonly pending: PendingRequest }
    | { readonly state: 'unknown'; readonly problem: string }
  );

export interface QuotaWish {
  /** Types of the configured pools. */
  readonly types: readonly string[];
  /** So many are to run at once. */
  readonly instances: number;
  /** In place of what so many need. */
  readonly vcpus?: number;
}

const unsaid = 'AWS does not say: it may not be asked for, or the region lacks it';

/** Those of the types that draw on the quota; where none of them does, those that could. */
export function typesOf({ quota, market }: QuotaOfMarket, types: readonly string[]): readonly InstanceType[] {
  const draws = ({ name }: InstanceType) => quotaOf(name, market)?.code === quota.code;
  const configured = types.flatMap((name) => findInstanceType(name) ?? []).filter(draws);
  return configured.length ? configured : instanceTypes.filter(draws);
}

/** The largest type: what it needs lets any other start, too. */
function largestPool(reading: QuotaReading, types: readonly string[]): Pool | undefined {
  const [largest] = typesOf(reading, types).toSorted((a, b) => b.vcpus - a.vcpus);
  return largest && { azId: 'any', instanceType: largest.name, market: reading.market };
}

function judgeKnown(
  named: Named,
  reading: QuotaReading,
  { have, wish }: { have: number; wish: QuotaWish },
): QuotaVerdict {
  const pool = largestPool(reading, wish.types);
  if (!pool) return { ...named, state: 'unknown', problem: 'no instance type of ours draws on it' };
  const { code, name } = named;
  const outlook = { types: instanceTypes, quotas: [{ code, name, have, others: reading.others.value ?? 0 }] };
  const one = figuresOf(pool, outlook)?.need ?? 1;
  const instances = wish.vcpus === undefined ? wish.instances : Math.max(1, Math.floor(wish.vcpus / one));
  const advice = adviseQuota(pool, outlook, instances);
  const to = wish.vcpus ?? advice?.need ?? one * instances;
  if (to <= have) return { ...named, state: 'enough', have, need: to };
  const { value: pending, problem } = reading.pending;
  // A second request beside an open one is refused, and so would be a guess.
  if (problem !== undefined) return { ...named, state: 'unknown', problem };
  if (pending) return { ...named, state: 'pending', have, pending };
  const text =
    advice?.text ?? adviseQuota(pool, { ...outlook, quotas: [{ code, name, have: 0 }] }, instances)?.text ?? '';
  return { ...named, state: 'short', have, to, text };
}

/** Whether more is to be asked of AWS for this quota. Nothing is ever lowered. */
export function judgeQuotaWish(reading: QuotaReading, wish: QuotaWish): QuotaVerdict {
  const { code, name } = reading.quota;
  const named = { code, name, link: quotaLink(code) };
  const { value: have, problem = unsaid } = reading.have;
  return have === undefined ? { ...named, state: 'unknown', problem } : judgeKnown(named, reading, { have, wish });
}
