import type { Outlook, QuotaRoom } from './outlook.ts';
import type { Pool } from './pools.ts';
import { judgeQuota, quotaOf } from './quotas.ts';

/** A quota in vCPUs, and what is asked of it. */
export interface QuotaFigures {
  readonly code: string;
  readonly name: string;
  readonly have: number;
  /** Undefined: not known. */
  readonly used?: number;
  readonly need: number;
  /** There is room, and another job, which holds less, comes first. */
  readonly yields?: boolean;
}

export interface QuotaAdvice extends QuotaFigures {
  /** Where to ask for more. The console opens it in the region that was used last. */
  readonly link: string;
  /** Ready for the field "use case" of the request. */
  readonly text: string;
}

export const quotaLink = (code: string) =>
  `https://console.aws.amazon.com/servicequotas/home/services/ec2/quotas/${code}`;

/** What of an outlook says how much fits. */
type QuotaOutlook = Pick<Outlook, 'types' | 'quotas'>;

const roomOf = (pool: Pool, quotas: readonly QuotaRoom[]) => {
  const quota = quotaOf(pool.instanceType, pool.market);
  return quota && quotas.find((room) => room.code === quota.code);
};

/** The quota that one more instance of the pool draws on; undefined where nobody knows what it allows. */
export function figuresOf(pool: Pool, { types, quotas }: QuotaOutlook, instances = 1): QuotaFigures | undefined {
  const room = roomOf(pool, quotas);
  const vcpus = types.find(({ name }) => name === pool.instanceType)?.vcpus;
  if (!room || room.have === undefined || vcpus === undefined) return undefined;
  const { code, name, have, used, yields } = room;
  return { code, name, have, used, need: vcpus * instances, ...(yields ? { yields } : {}) };
}

/** `zero`: nothing of it can start until the quota is raised. `full`: not until another instance ends. */
export function judge(figures: QuotaFigures | undefined): 'zero' | 'full' | undefined {
  if (!figures) return undefined;
  return judgeQuota(figures) ?? (figures.yields ? 'full' : undefined);
}

export function explainFigures({ code, name, have, used, need, yields }: QuotaFigures): string {
  const first = yields ? ', and a job that holds less comes first' : '';
  return `quota ${code} (${name}): have ${have} vCPUs, ${used === undefined ? '' : `${used} used, `}need ${need}${first}`;
}

/** How a cause begins that waiting alone will change; `next-step.ts` reads it. */
const fullPrefix = 'The vCPU quota is full';

export const isQuotaFull = (reason: string) => reason.startsWith(fullPrefix);

const once = (figures: readonly QuotaFigures[]) => [...new Map(figures.map((quota) => [quota.code, quota])).values()];

/** Empty without quotas. */
export function askWhere(figures: readonly QuotaFigures[]): string {
  const links = once(figures).map(({ code }) => quotaLink(code));
  return links.length ? ` To fix: ask for more vCPUs at ${links.join(' and ')}` : '';
}

export function explainFull(shard: number, figures: readonly QuotaFigures[]): string {
  const each = once(figures);
  const said = each.map(explainFigures).join('; ');
  return `${fullPrefix} for shard ${shard}: ${said}. It starts when another instance ends.${askWhere(figures)}`;
}

/**
 * How many instances of the pool the quota allows at once beside those of others; undefined: not known. What our own jobs
 * hold at the moment is not subtracted: they end, and slots are dealt out fairly until then.
 */
export function instancesWithin(pool: Pool, outlook: Outlook): number | undefined {
  const figures = figuresOf(pool, outlook);
  const others = roomOf(pool, outlook.quotas)?.others ?? 0;
  return figures && Math.floor((figures.have - others) / figures.need);
}

/**
 * What to ask AWS for so that `instances` can run at once beside those of others; undefined where there is enough, or
 * nobody knows.
 */
export function adviseQuota(pool: Pool, outlook: QuotaOutlook, instances: number): QuotaAdvice | undefined {
  const figures = figuresOf(pool, outlook, instances);
  if (!figures) return undefined;
  const others = roomOf(pool, outlook.quotas)?.others ?? 0;
  const need = figures.need + others;
  if (need <= figures.have) return undefined;
  const kind = pool.market === 'spot' ? 'Spot' : 'On-Demand';
  const text =
    `We render images with Stable Diffusion in batches, by AWS Batch on ${kind} ${pool.instanceType} instances of ` +
    `${figures.need / instances} vCPUs. ${figures.need} vCPUs let ${instances} of them run at once; each ends with its batch. ` +
    `We have ${figures.have} vCPUs${others > 0 ? `, our other instances use ${others}` : ''}.`;
  return { ...figures, need, link: quotaLink(figures.code), text };
}
