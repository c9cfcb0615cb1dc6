import { findInstanceType } from './instance-types.ts';
import type { Market } from './pools.ts';

/** A vCPU quota of EC2. */
export interface Quota {
  readonly code: string;
  readonly name: string;
  /** The instance types whose vCPUs count against it, as a filter of EC2 writes them. */
  readonly counts: readonly string[];
}

const gAndVt = ['g*', 'vt*'];
const onDemandP: Quota = { code: 'L-417A185B', name: 'Running On-Demand P instances', counts: ['p*'] };

/** By family letter and market. Source: Service Quotas, service `ec2`; the default of a new account is 0. */
const quotas: Readonly<Record<string, Readonly<Record<Market, Quota>>>> = {
  g: {
    spot: { code: 'L-3819A6DF', name: 'All G and VT Spot Instance Requests', counts: gAndVt },
    'on-demand': { code: 'L-DB2E81BA', name: 'Running On-Demand G and VT instances', counts: gAndVt },
  },
  p5: {
    spot: { code: 'L-C4BD4855', name: 'All P5 Spot Instance Requests', counts: ['p5*'] },
    'on-demand': onDemandP,
  },
  p: {
    spot: { code: 'L-7212CCBC', name: 'All P4, P3 and P2 Spot Instance Requests', counts: ['p4*', 'p3*', 'p2*'] },
    'on-demand': onDemandP,
  },
};

/** Each quota once. */
export const gpuQuotas: readonly Quota[] = [
  ...new Set(Object.values(quotas).flatMap((byMarket) => Object.values(byMarket))),
];

/** The quota that an instance of this type counts against; undefined for a family that is not ours. */
export function quotaOf(instanceType: string, market: Market): Quota | undefined {
  const family = instanceType.split('.')[0] ?? '';
  return (quotas[family.slice(0, 2)] ?? quotas[family.slice(0, 1)])?.[market];
}

/** What is known of the quota that a pool draws on, in vCPUs. */
export interface QuotaUse {
  readonly quota: Quota;
  /** What one instance of the pool takes. */
  readonly need: number;
  /** Undefined: the account was not told. */
  readonly have?: number;
  readonly used?: number;
}

/** `zero`: an instance of this type can never start. `full`: not until another ends. */
export function judgeQuota({ need, have, used = 0 }: Omit<QuotaUse, 'quota'>): 'zero' | 'full' | undefined {
  if (have === undefined) return undefined;
  if (have < need) return 'zero';
  return have - used < need ? 'full' : undefined;
}

export const vcpusOf = (instanceType: string): number | undefined => findInstanceType(instanceType)?.vcpus;
