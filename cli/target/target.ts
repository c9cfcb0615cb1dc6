import type { S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  ExecutionDoesNotExist,
  paginateListExecutions,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { executionArnOf } from '../../functions/core/execution-arn.ts';
import type { Bucket } from '../../functions/core/storage/bucket.ts';

/** What a client of the AWS SDK is made with; empty: as the SDK finds region and credentials. */
export interface ClientConfig {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Outputs of the stack (`infra/stack.ts`), as a local run has them, too. */
export type OutputName =
  | 'BucketName'
  | 'DefaultModel'
  | 'ImportProject'
  | 'InstanceTypes'
  | 'InterruptTemplateId'
  | 'LedgerName'
  | 'ScheduleRoleArn'
  | 'StateMachineArn'
  | 'TopicArn'
  | 'UndeliveredQueueArn'
  | 'WorkerImage'
  | 'Zones';

/** Where jobs run and what they leave: the executions of one state machine, and its bucket. On this machine, or on AWS. */
export interface Target {
  readonly kind: 'local' | 'aws';
  /** Ends a command that is to look here, too: ` --stack NAME`, ` --state DIR`, or nothing. */
  readonly flags: string;
  /** For further clients. */
  readonly client: ClientConfig;
  /** @throws PlainProblem where the stack has none of that name */
  output(name: OutputName): string;
  readonly bucket: Bucket;
  /** For what the port of the bucket has no word for. */
  readonly s3: S3Client;
  readonly executions: SFNClient;
  readonly stateMachineArn: string;
  /** Ends what was started for it; what was running before goes on. */
  close(): Promise<void>;
}

/** Undefined: no execution of that name is known. AWS keeps them for 90 days, a local run until it ends. */
export async function findExecution(
  target: Pick<Target, 'executions' | 'stateMachineArn'>,
  jobId: string,
): Promise<DescribeExecutionOutput | undefined> {
  try {
    return await target.executions.send(new DescribeExecutionCommand({ executionArn: executionArnOf(target, jobId) }));
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return undefined;
    throw error;
  }
}

export const statusOf = async (target: Pick<Target, 'executions' | 'stateMachineArn'>, jobId: string) =>
  (await findExecution(target, jobId))?.status;

/** Names of the jobs that run. */
export async function listRunning({
  executions,
  stateMachineArn,
}: Pick<Target, 'executions' | 'stateMachineArn'>): Promise<readonly string[]> {
  const names: string[] = [];
  const request = { stateMachineArn, statusFilter: 'RUNNING' as const };
  for await (const page of paginateListExecutions({ client: executions }, request)) {
    names.push(...(page.executions ?? []).flatMap(({ name }) => name ?? []));
  }
  return names;
}

/** An output that is a list. */
export const listOutput = ({ output }: Pick<Target, 'output'>, name: 'InstanceTypes' | 'Zones') =>
  output(name).split(',').filter(Boolean);
