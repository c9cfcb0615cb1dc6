import { findInstanceType } from '../functions/core/market/instance-types.ts';
import { listPools } from '../functions/core/market/pools.ts';
import { type Quota, quotaOf } from '../functions/core/market/quotas.ts';
import type { Config } from './config.ts';

/** A quota that the configuration draws on, and the vCPUs that it must have for one job to run. */
export interface QuotaNeed extends Quota {
  readonly need: number;
  readonly link: string;
}

/** The least that lets the largest configured type of each family start once; more is more shards at a time. */
export function listQuotaNeeds({ region, zones, instanceTypes }: Config): readonly QuotaNeed[] {
  const needs = new Map<string, QuotaNeed>();
  for (const { instanceType, market } of listPools(zones, instanceTypes)) {
    const quota = quotaOf(instanceType, market);
    const vcpus = findInstanceType(instanceType)?.vcpus ?? 0;
    if (!quota || vcpus <= (needs.get(quota.code)?.need ?? 0)) continue;
    const link = `https://${region}.console.aws.amazon.com/servicequotas/home/services/ec2/quotas/${quota.code}`;
    needs.set(quota.code, { ...quota, need: vcpus, link });
  }
  return [...needs.values()];
}
