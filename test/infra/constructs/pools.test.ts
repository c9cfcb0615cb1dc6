import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { listPools, poolId, queueName } from '../../../functions/core/market/pools.ts';
import { aConfig, aTemplate } from '../synth.ts';

const template = aTemplate();
const { zones, instanceTypes } = aConfig();
const pools = listPools(zones, instanceTypes);
const environments = template.findResources('AWS::Batch::ComputeEnvironment');
const queues = template.findResources('AWS::Batch::JobQueue');
const ofPool = Object.fromEntries(
  Object.entries(environments).map(([id, resource]) => [
    resource.Properties.ComputeResources.Tags.pool,
    { id, resource },
  ]),
);

describe('the pools', () => {
  it('are a compute environment and a queue per zone and type, and per type one for any zone and one on demand', () => {
    expect(pools).toHaveLength(zones.length * instanceTypes.length + 2 * instanceTypes.length);
    expect(Object.keys(ofPool).sort()).toEqual(pools.map(poolId).sort());
    expect(Object.keys(queues)).toHaveLength(pools.length);
  });

  it.each(pools.map((pool) => [poolId(pool), pool] as const))(
    '%s has one type and the market of its name',
    (id, pool) => {
      const { Properties } = ofPool[id]?.resource ?? {};
      expect(Properties).toMatchObject({ Type: 'MANAGED', State: 'ENABLED', ReplaceComputeEnvironment: false });
      expect(Properties.ComputeResources).toMatchObject({
        Type: pool.market === 'spot' ? 'SPOT' : 'EC2',
        AllocationStrategy: pool.market === 'spot' ? 'SPOT_PRICE_CAPACITY_OPTIMIZED' : 'BEST_FIT_PROGRESSIVE',
        InstanceTypes: [pool.instanceType],
        MinvCpus: 0,
        MaxvCpus: 64,
        Ec2Configuration: [{ ImageType: 'ECS_AL2023_NVIDIA' }],
        UpdateToLatestImageVersion: true,
      });
      expect(Properties.ComputeResources.Subnets).toHaveLength(pool.azId === 'any' ? zones.length : 1);
    },
  );

  it('lie in the subnet of their zone', () => {
    const subnets = template.findResources('AWS::EC2::Subnet');
    for (const pool of pools.filter(({ azId }) => azId !== 'any')) {
      const [subnet] = ofPool[poolId(pool)]?.resource.Properties.ComputeResources.Subnets ?? [];
      expect(subnets[subnet.Ref]?.Properties.AvailabilityZoneId).toBe(pool.azId);
    }
  });

  it('never hold `optimal`, which is not a GPU', () => {
    expect(JSON.stringify(environments)).not.toMatch(/optimal|default_x86_64/);
  });

  it('have named queues, each with its own compute environment, which is unnamed', () => {
    const served = Object.values(queues).map(({ Properties }) => {
      const [first, ...others] = Properties.ComputeEnvironmentOrder;
      expect(others).toEqual([]);
      const pool = environments[first.ComputeEnvironment.Ref]?.Properties.ComputeResources.Tags.pool;
      return [Properties.JobQueueName, pool];
    });
    expect(Object.fromEntries(served)).toEqual(
      Object.fromEntries(pools.map((pool) => [queueName(pool), poolId(pool)])),
    );
    template.allResourcesProperties('AWS::Batch::ComputeEnvironment', { ComputeEnvironmentName: Match.absent() });
  });

  it('share one profile, security group and launch template, whose version is a number', () => {
    const shared = Object.values(environments).map(({ Properties: { ComputeResources } }) => {
      const { InstanceRole, SecurityGroupIds, LaunchTemplate } = ComputeResources;
      return JSON.stringify({ InstanceRole, SecurityGroupIds, LaunchTemplate });
    });
    expect(new Set(shared).size).toBe(1);
    const [launchTemplate] = Object.keys(template.findResources('AWS::EC2::LaunchTemplate'));
    template.allResourcesProperties('AWS::Batch::ComputeEnvironment', {
      ComputeResources: {
        LaunchTemplate: {
          LaunchTemplateId: { Ref: launchTemplate },
          Version: { 'Fn::GetAtt': [launchTemplate, 'LatestVersionNumber'] },
        },
      },
    });
  });

  it('are made in five lanes, each environment after the fifth before it', () => {
    const ids = new Set(Object.keys(environments));
    const before = Object.values(environments).map(({ DependsOn }) => DependsOn.filter((id: string) => ids.has(id)));
    expect(before.filter((list) => list.length === 0)).toHaveLength(5);
    expect(before.every((list) => list.length <= 1)).toBe(true);
    // No lane forks: each environment is waited for by one other at most.
    expect(new Set(before.flat()).size).toBe(ids.size - 5);
  });

  it('are made after the service-linked roles of a new account', () => {
    const roles = Object.keys(template.findResources('Custom::ServiceLinkedRole'));
    expect(roles).toHaveLength(4);
    for (const { DependsOn } of Object.values(environments)) expect(DependsOn).toEqual(expect.arrayContaining(roles));
  });

  it('end a job that waits at the head of a queue after 600 s without capacity, after 1800 s of misconfiguration', () => {
    const limit = (Reason: string, MaxTimeSeconds: number) => ({
      Action: 'CANCEL',
      State: 'RUNNABLE',
      Reason,
      MaxTimeSeconds,
    });
    template.allResourcesProperties('AWS::Batch::JobQueue', {
      JobStateTimeLimitActions: [
        limit('CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY', 600),
        limit('MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE', 1800),
        limit('MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT', 1800),
        limit('MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED', 1800),
      ],
    });
  });

  it('may start at least one instance of their type, whatever the limit of vCPUs', () => {
    const large = aTemplate({ instanceTypes: ['p5.4xlarge'], maxVcpusPerPool: 4, zones: ['use1-az4'] });
    large.allResourcesProperties('AWS::Batch::ComputeEnvironment', { ComputeResources: { MaxvCpus: 16 } });
  });
});
