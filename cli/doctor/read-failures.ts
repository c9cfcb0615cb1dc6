import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BatchGetBuildsCommand, CodeBuildClient, ListBuildsForProjectCommand } from '@aws-sdk/client-codebuild';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { readReceipt } from '../../functions/core/close/read-job.ts';
import type { Receipt } from '../../functions/core/receipt/receipt.ts';
import { executionLink } from '../../functions/core/tell/console-links.ts';
import { whyFailed } from '../models/import-build.ts';
import type { ClientConfig, Target } from '../target/target.ts';
import type { FailedJob, ImportBuild } from './failure-findings.ts';

/** The newest few say enough. */
const most = 3;

function toFailed(receipt: Receipt | undefined): readonly FailedJob[] {
  if (!receipt?.failure) return [];
  const { jobId, closedAt: at, failure } = receipt;
  return [{ jobId, at, ...failure }];
}

/** By the executions, which AWS lists newest first: a bucket has no order but that of names. What failed stands in the receipt. */
export async function readFailures({ executions, stateMachineArn, bucket }: Target): Promise<readonly FailedJob[]> {
  const input = { stateMachineArn, statusFilter: 'FAILED' as const, maxResults: most };
  const { executions: found = [] } = await executions.send(new ListExecutionsCommand(input));
  const read = async ({ name = '', executionArn = '' }) =>
    toFailed(await readReceipt(bucket, name)).map((failed) => ({ ...failed, link: executionLink(executionArn) }));
  return (await Promise.all(found.map(read))).flat();
}

/** On this machine executions are forgotten, receipts stay. */
export async function readFailuresHere(stateDir: string): Promise<readonly FailedJob[]> {
  const jobs = join(stateDir, 'bucket', 'jobs');
  const names = await readdir(jobs).catch(() => []);
  const files = names.map((name) => join(jobs, name, 'receipt.json'));
  const times = await Promise.all(
    files.map((file) =>
      stat(file)
        .then(({ mtimeMs }) => mtimeMs)
        .catch(() => 0),
    ),
  );
  const closed = files.map((file, index) => ({ file, at: times[index] ?? 0 })).filter(({ at }) => at > 0);
  const newest = closed.toSorted((a, b) => b.at - a.at).slice(0, 100);
  const receipts = await Promise.all(
    newest.map(async ({ file }): Promise<Receipt> => JSON.parse(await readFile(file, 'utf8'))),
  );
  return receipts.flatMap(toFailed).slice(0, most);
}

/** The last build of the project that imports models; undefined: there was none. */
export async function readImportBuild(config: ClientConfig, projectName: string): Promise<ImportBuild | undefined> {
  const client = new CodeBuildClient(config);
  const list = new ListBuildsForProjectCommand({ projectName, sortOrder: 'DESCENDING' });
  const [id] = (await client.send(list)).ids ?? [];
  if (!id) return undefined;
  const [build] = (await client.send(new BatchGetBuildsCommand({ ids: [id] }))).builds ?? [];
  if (!build) return undefined;
  const model = build.environment?.environmentVariables?.find(({ name }) => name === 'MODEL')?.value ?? '';
  return { model, status: build.buildStatus ?? '', why: whyFailed(build), link: build.logs?.deepLink ?? '' };
}
