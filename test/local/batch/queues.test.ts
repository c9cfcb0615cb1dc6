import { describe, expect, it } from 'vitest';
import { listPools, queueName } from '../../../functions/core/market/pools.ts';
import { describeComputeEnvironments, describeJobQueues } from '../../../local/batch/queues.ts';
import { ZONES } from '../../../local/market/pools.ts';
import { INSTANCE_TYPES } from '../../../local/market/published-prices.ts';

const queue = 'spot-diffusion-use1-az4-g6-xlarge-spot';
const pools = listPools(
  ZONES.map(({ id }) => id),
  INSTANCE_TYPES,
);

describe('the queues of the local Batch', () => {
  it('are those of all pools, or those that are asked for; others are left out', () => {
    const all = describeJobQueues({}).jobQueues.map(({ jobQueueName }) => jobQueueName);
    expect(all).toEqual(pools.map(queueName));
    const named = describeJobQueues({ jobQueues: [queue, 'of-nobody'] }).jobQueues;
    expect(named).toMatchObject([{ jobQueueName: queue, state: 'ENABLED', status: 'VALID' }]);
    expect(describeJobQueues({ jobQueues: [named[0]?.jobQueueArn] }).jobQueues).toEqual(named);
  });

  it('lead to a compute environment each, which has the type and the market of the pool', () => {
    const [found] = describeJobQueues({ jobQueues: [queue] }).jobQueues;
    const arns = found?.computeEnvironmentOrder.map(({ computeEnvironment }) => computeEnvironment);
    const { computeEnvironments } = describeComputeEnvironments({ computeEnvironments: arns });
    expect(computeEnvironments).toMatchObject([
      { status: 'VALID', computeResources: { type: 'SPOT', instanceTypes: ['g6.xlarge'], minvCpus: 0 } },
    ]);
    expect(describeComputeEnvironments({}).computeEnvironments).toHaveLength(pools.length);
  });
});
