import { DescribeExecutionCommand, paginateListExecutions } from '@aws-sdk/client-sfn';
import { jobSchema } from '../../functions/core/job-schema.ts';
import { jobFileKey } from '../../functions/core/keys.ts';
import type { Target } from '../target.ts';
import { classifier } from './known-model.ts';

async function listRunning({ executions, stateMachineArn }: Target): Promise<readonly { name: string; arn: string }[]> {
  const found: { name: string; arn: string }[] = [];
  const input = { stateMachineArn, statusFilter: 'RUNNING' as const };
  for await (const page of paginateListExecutions({ client: executions }, input)) {
    found.push(...(page.executions ?? []).map(({ name = '', executionArn: arn = '' }) => ({ name, arn })));
  }
  return found;
}

/** Undefined: it is not validated yet, nobody knows. */
async function modelsOf({ bucket }: Target, jobId: string): Promise<readonly string[] | undefined> {
  const text = await bucket.read(jobFileKey(jobId));
  return text === undefined ? undefined : jobSchema.parse(JSON.parse(text)).models;
}

const stillRuns = async ({ executions }: Target, arn: string) =>
  (await executions.send(new DescribeExecutionCommand({ executionArn: arn }))).status === 'RUNNING';

/** The jobs that run and read this model, or may: the classifier looks at pictures of any, and of a job that has just begun nothing is known. */
export async function findUsers(target: Target, model: string): Promise<readonly string[]> {
  const users: string[] = [];
  for (const { name, arn } of await listRunning(target)) {
    const models = await modelsOf(target, name);
    const mayUse = model === classifier || (models?.includes(model) ?? true);
    if (mayUse && (await stillRuns(target, arn))) users.push(name);
  }
  return users;
}
