import { BatchClient } from '@aws-sdk/client-batch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { makeBatchQueue } from '../../functions/adapters/batch-queue.ts';
import { makeDynamoDbLedger } from '../../functions/adapters/dynamodb-ledger.ts';
import { makeDynamoDbWaits } from '../../functions/adapters/dynamodb-waits.ts';
import { makeEc2Use } from '../../functions/adapters/ec2-use.ts';
import { makeServiceQuotas } from '../../functions/adapters/service-quotas.ts';
import type { BatchQueue } from '../../functions/core/batch-queue.ts';
import type { InstanceUse, Quotas } from '../../functions/core/market/ports.ts';
import type { Ledger } from '../../functions/core/settle/ledger.ts';
import type { Bucket } from '../../functions/core/storage/bucket.ts';
import type { Waits } from '../../functions/core/wait/waits.ts';
import type { Target } from '../target/target.ts';

/** Whom `status` asks beside the executions. */
export interface StatusPorts {
  readonly bucket: Bucket;
  readonly ledger: Pick<Ledger, 'open'>;
  readonly waits: Pick<Waits, 'find'>;
  readonly queue: Pick<BatchQueue, 'find'>;
  readonly quotas: Quotas;
  readonly instanceUse: Pick<InstanceUse, 'vcpus'>;
}

export function openPorts({ client, bucket, output }: Target): StatusPorts {
  const table = DynamoDBDocumentClient.from(new DynamoDBClient(client));
  return {
    bucket,
    ledger: makeDynamoDbLedger(table, output('LedgerName')),
    waits: makeDynamoDbWaits(table, output('LedgerName')),
    queue: makeBatchQueue(new BatchClient(client)),
    quotas: makeServiceQuotas(new ServiceQuotasClient(client)),
    instanceUse: makeEc2Use(new EC2Client(client)),
  };
}
