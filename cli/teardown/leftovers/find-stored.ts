import { CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeTableCommand,
  DynamoDBClient,
  paginateListTables,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { ECRClient, paginateDescribeImages, paginateDescribeRepositories } from '@aws-sdk/client-ecr';
import { type Bucket, paginateListBuckets, type S3Client } from '@aws-sdk/client-s3';
import { makeS3, measureObjects } from '../../objects.ts';
import type { ClientConfig } from '../../target.ts';
import { makeCounter } from '../retained.ts';
import { type Leftover, namesIn, type Scope } from './leftover.ts';
import { bucketLeftover, logLeftover, repositoryLeftover, tableLeftover } from './priced.ts';

/* What is billed by the gigabyte. CloudFormation names by stack, construct and a suffix of its own. */
const startsWith = (prefix: string) => (name: string) => name.toLowerCase().startsWith(prefix.toLowerCase());

export async function findRepositories(config: ClientConfig, { stack, tagged }: Scope): Promise<readonly Leftover[]> {
  const client = new ECRClient(config);
  const ofTag = new Set(namesIn(tagged, 'ecr', 'repository/'));
  const isOurs = (name: string) => ofTag.has(name) || startsWith(`${stack}-workerimage`)(name);
  const names: string[] = [];
  for await (const page of paginateDescribeRepositories({ client }, {})) {
    names.push(...(page.repositories ?? []).flatMap(({ repositoryName = '' }) => repositoryName).filter(isOurs));
  }
  const found: Leftover[] = [];
  for (const repositoryName of names) {
    const sizes: number[] = [];
    for await (const page of paginateDescribeImages({ client }, { repositoryName })) {
      sizes.push(...(page.imageDetails ?? []).map(({ imageSizeInBytes = 0 }) => imageSizeInBytes));
    }
    const bytes = sizes.reduce((sum, image) => sum + image, 0);
    if (sizes.length) found.push(repositoryLeftover(repositoryName, sizes.length, bytes));
  }
  return found;
}

/** By the names that we give (`docs/runbook.md`), and those that libraries of the stack and AWS do. */
const logPrefixes = (stack: string) => [
  '/spot-diffusion/',
  '/aws/lambda/spot-diffusion-',
  '/aws/vendedlogs/states/spot-diffusion',
  '/aws/codebuild/spot-diffusion',
  '/aws/imagebuilder/spot-diffusion',
  ...(stack === 'spot-diffusion' ? [] : [`/aws/lambda/${stack}-`]),
];

export async function findLogGroups(config: ClientConfig, { stack, tagged }: Scope): Promise<readonly Leftover[]> {
  const client = new CloudWatchLogsClient(config);
  const ofTag = namesIn(tagged, 'logs', 'log-group:').map((name) => name.replace(/:\*$/, ''));
  const found = new Map<string, number>();
  for (const logGroupNamePrefix of [...logPrefixes(stack), ...ofTag]) {
    for await (const page of paginateDescribeLogGroups({ client }, { logGroupNamePrefix })) {
      for (const { logGroupName = '', storedBytes = 0 } of page.logGroups ?? []) found.set(logGroupName, storedBytes);
    }
  }
  // An empty one costs nothing.
  return [...found].filter(([, bytes]) => bytes > 0).map(([name, bytes]) => logLeftover(name, bytes));
}

/** Names of our buckets: by the stack's output, its tag, or the name that CloudFormation gave. */
export async function listOwnBuckets(
  client: S3Client,
  { stack, region, tagged, bucketName }: Scope,
): Promise<readonly string[]> {
  const ofTag = new Set(namesIn(tagged, 's3', ''));
  const isOurs = (name: string) => name === bucketName || ofTag.has(name) || startsWith(`${stack}-storagebucket`)(name);
  // S3 tells the region of each once it is asked for anything special.
  const isHere = ({ BucketRegion }: Bucket) => BucketRegion === undefined || BucketRegion === region;
  const names: string[] = [];
  for await (const page of paginateListBuckets({ client }, { MaxBuckets: 1000 })) {
    names.push(
      ...(page.Buckets ?? [])
        .filter(isHere)
        .map(({ Name = '' }) => Name)
        .filter(isOurs),
    );
  }
  return names;
}

export async function findBuckets(
  config: ClientConfig,
  scope: Scope,
  say: (line: string) => void,
): Promise<readonly Leftover[]> {
  const client = makeS3(config);
  const found: Leftover[] = [];
  for (const name of await listOwnBuckets(client, scope)) {
    const amount = await measureObjects(client, name, { onCount: makeCounter(name, say) });
    // An empty one costs nothing.
    if (amount.objects) found.push(bucketLeftover(name, amount, scope.stack));
  }
  return found;
}

/** Names of our tables, in the same way. */
export async function listOwnTables(
  client: DynamoDBClient,
  { stack, tagged, ledgerName }: Scope,
): Promise<readonly string[]> {
  const ofTag = new Set(namesIn(tagged, 'dynamodb', 'table/'));
  const isOurs = (name: string) => name === ledgerName || ofTag.has(name) || startsWith(`${stack}-storageledger`)(name);
  const names: string[] = [];
  for await (const page of paginateListTables({ client }, {})) names.push(...(page.TableNames ?? []).filter(isOurs));
  return names;
}

export async function findTables(config: ClientConfig, scope: Scope): Promise<readonly Leftover[]> {
  const client = new DynamoDBClient(config);
  const found: Leftover[] = [];
  for (const name of await listOwnTables(client, scope)) {
    try {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
      if (Table?.TableStatus !== 'DELETING') found.push(tableLeftover(name, Table?.TableSizeBytes ?? 0, scope.stack));
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error; // gone since it was listed
    }
  }
  return found;
}
