import { Stack } from 'aws-cdk-lib';
import { CfnComputeEnvironment, CfnJobQueue } from 'aws-cdk-lib/aws-batch';
import { Construct } from 'constructs';
import { findInstanceType } from '../../functions/core/market/instance-types.ts';
import { listPools, type Pool, poolId, queueName } from '../../functions/core/market/pools.ts';
import { ourTag } from '../../functions/core/our-tag.ts';
import type { Config } from '../config.ts';
import type { Instances } from './instances.ts';
import type { Network } from './network.ts';

/** So many compute environments are made at the same time: AWS Batch throttles, and 40 at once are unproven. */
const lanes = 5;

/** Counts only for the job at the head of a queue; `Explain waiting` ends those behind it. */
const timeLimits = [
  ['CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY', 600],
  // Batch gives these for a moment while an instance is on its way: half an hour tells them apart.
  ['MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE', 1800],
  ['MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT', 1800],
  ['MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED', 1800],
] as const;

export const queueArn = (scope: Construct, name: string) =>
  Stack.of(scope).formatArn({ service: 'batch', resource: 'job-queue', resourceName: name });

export interface PoolsProps {
  readonly config: Config;
  readonly network: Network;
  readonly instances: Instances;
}

/**
 * A compute environment and a queue per pool: Batch has no zone or type per job. Queues are named, compute environments are
 * not (replacing a named one fails the deploy). Minimum 0: nothing runs and nothing is paid while no job waits.
 */
export class Pools extends Construct {
  constructor(scope: Construct, id: string, props: PoolsProps) {
    super(scope, id);
    const made: CfnComputeEnvironment[] = [];
    for (const pool of listPools(props.config.zones, props.config.instanceTypes)) {
      const environment = this.makeEnvironment(pool, props);
      const before = made.at(-lanes);
      if (before) environment.addResourceDependency(before);
      made.push(environment);
      this.makeQueue(pool, environment);
    }
  }

  private makeEnvironment(pool: Pool, { config, network, instances }: PoolsProps): CfnComputeEnvironment {
    const isSpot = pool.market === 'spot';
    return new CfnComputeEnvironment(this, `Environment-${poolId(pool).replaceAll('/', '-')}`, {
      type: 'MANAGED',
      // The account's default may be on: custom metrics of each idle cluster.
      ecsSettings: { containerInsights: 'DISABLED' },
      state: 'ENABLED',
      replaceComputeEnvironment: false,
      updatePolicy: { terminateJobsOnUpdate: false, jobExecutionTimeoutMinutes: 60 },
      computeResources: {
        type: isSpot ? 'SPOT' : 'EC2',
        allocationStrategy: isSpot ? 'SPOT_PRICE_CAPACITY_OPTIMIZED' : 'BEST_FIT_PROGRESSIVE',
        minvCpus: 0,
        maxvCpus: Math.max(config.maxVcpusPerPool, findInstanceType(pool.instanceType)?.vcpus ?? 0),
        instanceTypes: [pool.instanceType],
        subnets: [...network.subnetsOf(pool.azId)],
        securityGroupIds: [network.securityGroupId],
        instanceRole: instances.profileArn,
        ec2Configuration: [{ imageType: 'ECS_AL2023_NVIDIA' }],
        launchTemplate: {
          launchTemplateId: instances.launchTemplate.launchTemplateId,
          // `$Latest` is read once, when the environment is made: a number makes changes arrive.
          version: instances.launchTemplate.latestVersionNumber,
        },
        updateToLatestImageVersion: true,
        tags: { [ourTag.key]: ourTag.worker, Name: 'spot-diffusion', pool: poolId(pool) },
      },
    });
  }

  private makeQueue(pool: Pool, environment: CfnComputeEnvironment): void {
    new CfnJobQueue(this, `Queue-${poolId(pool).replaceAll('/', '-')}`, {
      jobQueueName: queueName(pool),
      state: 'ENABLED',
      priority: 1,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: environment.ref }],
      jobStateTimeLimitActions: timeLimits.map(([reason, maxTimeSeconds]) => ({
        action: 'CANCEL',
        state: 'RUNNABLE',
        reason,
        maxTimeSeconds,
      })),
    });
  }
}
