import {
  DescribeTableCommand,
  DynamoDBClient,
  paginateListTables,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { type Bucket, paginateListBuckets, type S3Client } from '@aws-sdk/client-s3';
import { makeS3, measureObjects } from '../../target/objects.ts';
import type { ClientConfig } from '../../target/target.ts';
import { makeCounter } from '../delete-retained.ts';
import { type Leftover, namesIn, type Scope } from './leftover.ts';
import { bucketLeftover, tableLeftover } from './priced.ts';

/*
 * What outlives the stack on purpose. It is the stack's own by its output or by the name that CloudFormation gave: only
 * that is ever deleted. A person may put our tag on things of theirs: they are listed, with a command of AWS.
 */
type Own = Pick<Scope, 'stack' | 'region' | 'bucketName' | 'ledgerName'>;

const isOwnBucket = ({ stack, bucketName }: Own, name: string) =>
  name === bucketName || name.startsWith(`${stack.toLowerCase()}-storagebucket`);

const isOwnTable = ({ stack, ledgerName }: Own, name: string) =>
  name === ledgerName || name.startsWith(`${stack}-StorageLedger`);

async function listBuckets(client: S3Client, region: string): Promise<readonly string[]> {
  // S3 tells the region of each once it is asked for anything special.
  const isHere = ({ BucketRegion }: Bucket) => BucketRegion === undefined || BucketRegion === region;
  const names: string[] = [];
  for await (const { Buckets = [] } of paginateListBuckets({ client }, { MaxBuckets: 1000 })) {
    names.push(...Buckets.filter(isHere).map(({ Name = '' }) => Name));
  }
  return names;
}

async function listTables(client: DynamoDBClient): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client }, {})) names.push(...TableNames);
  return names;
}

export const listOwnBuckets = async (client: S3Client, own: Own): Promise<readonly string[]> =>
  (await listBuckets(client, own.region)).filter((name) => isOwnBucket(own, name));

export const listOwnTables = async (client: DynamoDBClient, own: Own): Promise<readonly string[]> =>
  (await listTables(client)).filter((name) => isOwnTable(own, name));

export async function findBuckets(
  config: ClientConfig,
  scope: Scope,
  say: (line: string) => void,
): Promise<readonly Leftover[]> {
  const client = makeS3(config);
  const ofTag = new Set(namesIn(scope.tagged, 's3', ''));
  const found: Leftover[] = [];
  for (const name of await listBuckets(client, scope.region)) {
    const isOwn = isOwnBucket(scope, name);
    if (!isOwn && !ofTag.has(name)) continue;
    const amount = await measureObjects(client, name, { onCount: makeCounter(name, say) });
    const fix = isOwn ? `npm start -- teardown --bucket --stack ${scope.stack}` : `aws s3 rb --force s3://${name}`;
    // An empty one costs nothing.
    if (amount.objects) found.push(bucketLeftover(name, amount, fix));
  }
  return found;
}

async function findTable(client: DynamoDBClient, name: string, fix: string): Promise<readonly Leftover[]> {
  try {
    const { Table: { TableStatus, TableSizeBytes = 0 } = {} } = await client.send(
      new DescribeTableCommand({ TableName: name }),
    );
    return TableStatus === 'DELETING' ? [] : [tableLeftover(name, TableSizeBytes, fix)];
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return []; // gone since it was listed
    throw error;
  }
}

export async function findTables(config: ClientConfig, scope: Scope): Promise<readonly Leftover[]> {
  const client = new DynamoDBClient(config);
  const ofTag = new Set(namesIn(scope.tagged, 'dynamodb', 'table/'));
  const found: Leftover[] = [];
  for (const name of await listTables(client)) {
    const isOwn = isOwnTable(scope, name);
    if (!isOwn && !ofTag.has(name)) continue;
    const fix = isOwn
      ? `npm start -- teardown --ledger --stack ${scope.stack}`
      : `aws dynamodb delete-table --table-name ${name}`;
    found.push(...(await findTable(client, name, fix)));
  }
  return found;
}
