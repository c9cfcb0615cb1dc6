import { anywhere, type Need, nameOrArn, toArn } from './need.ts';

type Input = Readonly<Record<string, unknown>>;

/** By the path of Batch's REST protocol. */
const actions: Readonly<Record<string, (input: Input) => readonly Need[]>> = {
  '/v1/submitjob': ({ jobQueue, jobDefinition, tags }) => [
    { action: 'batch:SubmitJob', resource: nameOrArn('batch', 'job-queue/', jobQueue) },
    { action: 'batch:SubmitJob', resource: toRevision(nameOrArn('batch', 'job-definition/', jobDefinition)) },
    ...(tags ? [{ action: 'batch:TagResource', resource: toArn('batch', 'job/new') }] : []),
  ],
  '/v1/terminatejob': ({ jobId }) => [{ action: 'batch:TerminateJob', resource: toArn('batch', `job/${jobId}`) }],
  '/v1/canceljob': ({ jobId }) => [{ action: 'batch:CancelJob', resource: toArn('batch', `job/${jobId}`) }],
  '/v1/listjobs': () => anywhere('batch:ListJobs'),
  '/v1/describejobs': () => anywhere('batch:DescribeJobs'),
  '/v1/describejobqueues': () => anywhere('batch:DescribeJobQueues'),
  '/v1/describecomputeenvironments': () => anywhere('batch:DescribeComputeEnvironments'),
  '/v1/updatecomputeenvironment': ({ computeEnvironment }) => [
    {
      action: 'batch:UpdateComputeEnvironment',
      resource: nameOrArn('batch', 'compute-environment/', computeEnvironment),
    },
  ],
};

export function readBatchNeeds(path: string, input: Input): readonly Need[] | undefined {
  return actions[path]?.(input);
}

/** Batch resolves a name to its latest revision, and that is what a policy is held against. */
function toRevision(arn: string): string {
  return /:\d+$/.test(arn) ? arn : `${arn}:1`;
}
