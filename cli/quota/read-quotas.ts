import {
  GetServiceQuotaCommand,
  paginateListRequestedServiceQuotaChangeHistoryByQuota,
  type RequestedServiceQuotaChange,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { makeEc2Use } from '../../functions/adapters/ec2-use.ts';
import type { Answer } from '../../functions/core/market/gap.ts';
import type { InstanceUse } from '../../functions/core/market/ports.ts';
import type { QuotaOfMarket } from '../../functions/core/market/quota-room.ts';
import { ask } from '../target/ask.ts';
import type { ClientConfig } from '../target/target.ts';

/** A request for more that AWS has not decided. */
export interface PendingRequest {
  readonly id: string;
  readonly status: string;
  readonly vcpus: number;
}

/** What AWS says of one quota. Each part may be refused alone; in vCPUs, undefined: AWS does not say. */
export interface QuotaReading extends QuotaOfMarket {
  readonly have: Answer<number | undefined>;
  readonly used: Answer<number | undefined>;
  /** Of these, what is none of our workers. */
  readonly others: Answer<number | undefined>;
  readonly pending: Answer<PendingRequest | undefined>;
}

const undecided = new Set(['PENDING', 'CASE_OPENED']);

function toPending(change: RequestedServiceQuotaChange): PendingRequest | undefined {
  const { Id: id = '', Status: status = '', DesiredValue: vcpus = 0 } = change;
  return undecided.has(status) ? { id, status, vcpus } : undefined;
}

async function findPending(client: ServiceQuotasClient, code: string): Promise<PendingRequest | undefined> {
  const input = { ServiceCode: 'ec2', QuotaCode: code };
  for await (const page of paginateListRequestedServiceQuotaChangeHistoryByQuota({ client }, input)) {
    for (const change of page.RequestedQuotas ?? []) {
      const pending = toPending(change);
      if (pending) return pending;
    }
  }
  return undefined;
}

export interface QuotaClients {
  readonly quotas: ServiceQuotasClient;
  readonly use: InstanceUse;
}

export async function makeQuotaClients(config: ClientConfig): Promise<QuotaClients> {
  const { EC2Client } = await import('@aws-sdk/client-ec2');
  return { quotas: new ServiceQuotasClient(config), use: makeEc2Use(new EC2Client(config)) };
}

async function readQuota({ quotas, use }: QuotaClients, { quota, market }: QuotaOfMarket): Promise<QuotaReading> {
  const get = new GetServiceQuotaCommand({ ServiceCode: 'ec2', QuotaCode: quota.code });
  const [have, used, others, pending] = await Promise.all([
    ask(async () => (await quotas.send(get)).Quota?.Value),
    ask(() => use.vcpus(market, quota.counts)),
    ask(() => use.othersVcpus(market, quota.counts)),
    ask(() => findPending(quotas, quota.code)),
  ]);
  return { quota, market, have, used, others, pending };
}

export const readQuotas = (clients: QuotaClients, wanted: readonly QuotaOfMarket[]): Promise<readonly QuotaReading[]> =>
  Promise.all(wanted.map((quota) => readQuota(clients, quota)));
