import { CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { ECRClient, paginateDescribeImages, paginateDescribeRepositories } from '@aws-sdk/client-ecr';
import type { ClientConfig } from '../../target/target.ts';
import { type Leftover, namesIn, type Scope } from './leftover.ts';
import { logLeftover, repositoryLeftover } from './priced.ts';

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
  return [...found].map(([name, bytes]) => logLeftover(name, bytes));
}
