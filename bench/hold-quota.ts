import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { makeDynamoDbSlots } from '../functions/adapters/dynamodb-slots.ts';
import { quotaOf } from '../functions/core/market/quotas.ts';
import { TABLE } from '../local/names.ts';

/** The job of somebody else, which no check asks about. */
export const othersJobId = 'others';

/** Somebody else holds so many vCPUs for a while. */
export async function holdQuota(
  table: DynamoDBDocumentClient,
  of: { readonly jobName: string; readonly vcpus: number; readonly milliseconds: number },
): Promise<void> {
  const quota = quotaOf('g6.xlarge', 'spot');
  if (!quota) throw new TypeError('Expected a quota of Spot G instances');
  const now = Date.now();
  await makeDynamoDbSlots(table, TABLE, Date.now).take({
    jobId: othersJobId,
    jobName: of.jobName,
    pool: 'use1-az4/g6.xlarge/spot',
    code: quota.code,
    vcpus: of.vcpus,
    have: Number.POSITIVE_INFINITY,
    now,
    until: now + of.milliseconds,
  });
}
