import type { Pool } from './pools.ts';
import type { InstanceUse, Quotas } from './ports.ts';
import { type QuotaUse, quotaOf, vcpusOf } from './quotas.ts';

export interface QuotaSources {
  readonly quotas: Quotas;
  readonly instanceUse: Pick<InstanceUse, 'vcpus'>;
}

/** The quota that one more instance of the pool draws on; undefined for a type that is not ours. */
export async function readQuotaUse(
  { instanceType, market }: Pick<Pool, 'instanceType' | 'market'>,
  { quotas, instanceUse }: QuotaSources,
): Promise<QuotaUse | undefined> {
  const quota = quotaOf(instanceType, market);
  const need = vcpusOf(instanceType);
  if (!quota || need === undefined) return undefined;
  const [have, used] = await Promise.all([quotas.vcpus(quota.code), instanceUse.vcpus(market, quota.counts)]);
  return { quota, need, have, used };
}
