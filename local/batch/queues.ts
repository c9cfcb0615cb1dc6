import { queueName } from '../../functions/core/market/pools.ts';
import { poolsByQueue } from '../market/pools.ts';
import { ACCOUNT, REGION } from '../names.ts';

/*
 * The queues of the local pools and what is behind them, as AWS Batch describes them. A queue here always takes jobs: only
 * a drill takes capacity away.
 */
const environmentName = (queue: string) => `${queue}-environment`;
const arnOf = (kind: string, name: string) => `arn:aws:batch:${REGION}:${ACCOUNT}:${kind}/${name}`;

const isNamed = (names: unknown, name: string) =>
  !Array.isArray(names) || names.length === 0 || names.some((wanted) => String(wanted).split('/').at(-1) === name);

/** Those named, or all; a name that is not known is left out, as on AWS. */
export const describeJobQueues = ({ jobQueues }: Record<string, unknown>) => ({
  jobQueues: [...poolsByQueue.keys()]
    .filter((name) => isNamed(jobQueues, name))
    .map((name) => ({
      jobQueueName: name,
      jobQueueArn: arnOf('job-queue', name),
      state: 'ENABLED',
      status: 'VALID',
      statusReason: 'JobQueue Healthy',
      priority: 1,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: arnOf('compute-environment', environmentName(name)) }],
    })),
});

export const describeComputeEnvironments = ({ computeEnvironments }: Record<string, unknown>) => ({
  computeEnvironments: [...poolsByQueue.values()]
    .map((pool) => ({ pool, name: environmentName(queueName(pool)) }))
    .filter(({ name }) => isNamed(computeEnvironments, name))
    .map(({ pool, name }) => ({
      computeEnvironmentName: name,
      computeEnvironmentArn: arnOf('compute-environment', name),
      type: 'MANAGED',
      state: 'ENABLED',
      status: 'VALID',
      statusReason: 'ComputeEnvironment Healthy',
      computeResources: {
        type: pool.market === 'spot' ? 'SPOT' : 'EC2',
        minvCpus: 0,
        maxvCpus: 64,
        instanceTypes: [pool.instanceType],
        subnets: [],
      },
    })),
});
