import { describe, expect, it } from 'vitest';
import type { ComputeEnvironment, Instance, Member } from '../../functions/core/fleet/ports.ts';
import { makeFindIdleInstances } from '../../functions/find-idle-instances.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { anEnvironment, makeFakeEnvironments } from '../fakes/compute-environments.ts';

const clock = makeFakeClock();
const ago = (minutes: number) => clock.now() - minutes * 60_000;
const anInstance = (over: Partial<Instance> = {}): Instance => ({ id: 'i-1', launchedAt: ago(30), ...over });
const aMember = (over: Partial<Member> = {}): Member => ({
  instanceId: 'i-1',
  registeredAt: ago(27),
  tasks: 0,
  ...over,
});

function setUp(
  running: readonly Instance[],
  clusters: Readonly<Record<string, readonly Member[]>> = {},
  all: readonly ComputeEnvironment[] = [anEnvironment()],
) {
  const environments = makeFakeEnvironments(all);
  const find = makeFindIdleInstances({
    instances: { running: async () => running },
    environments,
    clusters: { members: async (arn) => clusters[arn] ?? [] },
    clock,
    zones: ['use1-az1'],
    instanceTypes: ['g6.xlarge'],
  });
  return { environments, find };
}

describe('find-idle-instances', () => {
  it('asks for nothing more where no instance of ours runs', async () => {
    const { environments, find } = setUp([]);
    expect(await find()).toEqual({ instances: 0, idle: [] });
    expect(environments.asked).toEqual([]);
  });

  it('names the instance that has no task', async () => {
    const busy = aMember({ instanceId: 'i-2', tasks: 1 });
    const { environments, find } = setUp([anInstance(), anInstance({ id: 'i-2' })], { 'cluster-1': [aMember(), busy] });
    expect(await find()).toEqual({ instances: 2, idle: ['i-1'] });
    expect(environments.asked).toEqual([
      [
        'spot-diffusion-use1-az1-g6-xlarge-spot',
        'spot-diffusion-any-g6-xlarge-spot',
        'spot-diffusion-any-g6-xlarge-on-demand',
      ],
    ]);
  });

  it('looks into the cluster of each compute environment, where it has one', async () => {
    const environments = ['cluster-1', undefined, 'cluster-2'].map((clusterArn) =>
      anEnvironment({ arn: `of ${clusterArn}`, clusterArn }),
    );
    const clusters = { 'cluster-1': [aMember({ tasks: 1 })], 'cluster-2': [aMember({ instanceId: 'i-2' })] };
    const { find } = setUp([anInstance(), anInstance({ id: 'i-2' })], clusters, environments);
    expect((await find()).idle).toEqual(['i-2']);
  });

  it.each([
    ['was launched ten minutes ago', { launchedAt: ago(10) }, {}],
    ['joined its cluster ten minutes ago', {}, { registeredAt: ago(10) }],
    ['runs a task', {}, { tasks: 1 }],
  ])('leaves an instance alone that %s', async (_, instance, member) => {
    const { find } = setUp([anInstance(instance)], { 'cluster-1': [aMember(member)] });
    expect(await find()).toEqual({ instances: 1, idle: [] });
  });

  it('names an instance that never joined a cluster: no job can reach it', async () => {
    expect((await setUp([anInstance()]).find()).idle).toEqual(['i-1']);
    expect((await setUp([anInstance({ launchedAt: ago(10) })]).find()).idle).toEqual([]);
  });

  it('passes over instances of a cluster that do not run any more', async () => {
    const { find } = setUp([anInstance()], { 'cluster-1': [aMember({ tasks: 1 }), aMember({ instanceId: 'i-9' })] });
    expect(await find()).toEqual({ instances: 1, idle: [] });
  });
});
