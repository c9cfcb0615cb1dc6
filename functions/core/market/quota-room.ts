import { type Answer, gap } from './gap.ts';
import type { QuotaRoom } from './outlook.ts';
import type { Market } from './pools.ts';
import { type Quota, quotaOf } from './quotas.ts';

const markets: readonly Market[] = ['spot', 'on-demand'];

/** A quota, and the market whose instances draw on it. */
export interface QuotaOfMarket {
  readonly quota: Quota;
  readonly market: Market;
}

/** The quotas that pools of these types draw on, each once. */
export function listQuotas(instanceTypes: readonly string[]): readonly QuotaOfMarket[] {
  const found = new Map<string, QuotaOfMarket>();
  for (const market of markets) {
    for (const instanceType of instanceTypes) {
      const quota = quotaOf(instanceType, market);
      if (quota) found.set(quota.code, { quota, market });
    }
  }
  return [...found.values()];
}

/** In vCPUs; undefined: AWS does not say. */
export interface QuotaAnswers {
  readonly have: Answer<number | undefined>;
  /** What instances use that are none of ours. */
  readonly others: Answer<number | undefined>;
}

const unsaid = 'it may not be asked for, or the region lacks it';

interface Known {
  readonly vcpus?: number;
  readonly gaps: readonly string[];
}

function toKnown(what: string, answer: Answer<number | undefined>): Known {
  if (answer.problem !== undefined) return { gaps: [gap.unread(what, answer.problem)] };
  return answer.value === undefined ? { gaps: [gap.unread(what, unsaid)] } : { vcpus: answer.value, gaps: [] };
}

/** @param slots vCPUs that slots hold by quota code; undefined: could not be read */
export function toQuotaRoom({ code, name }: Quota, answers: QuotaAnswers, slots?: Readonly<Record<string, number>>) {
  const have = toKnown(`Quota ${code} (${name})`, answers.have);
  const others = toKnown(`What others use of quota ${code}`, answers.others);
  const used = slots || others.vcpus !== undefined ? (slots?.[code] ?? 0) + (others.vcpus ?? 0) : undefined;
  const value: QuotaRoom = {
    code,
    name,
    ...(have.vcpus === undefined ? {} : { have: have.vcpus }),
    ...(used === undefined ? {} : { used }),
    ...(others.vcpus === undefined ? {} : { others: others.vcpus }),
  };
  return { value, gaps: [...have.gaps, ...others.gaps] };
}
