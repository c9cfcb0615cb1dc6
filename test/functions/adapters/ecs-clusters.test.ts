import { ECSClient } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, it } from 'vitest';
import { makeEcsClusters } from '../../../functions/adapters/ecs-clusters.ts';
import { type HttpStub, startStub } from './http-stub.ts';

describe('the clusters on ECS', () => {
  let stub: HttpStub | undefined;
  afterEach(() => stub?.stop());

  /** @param pages ARNs of container instances; `busy` ones have a task */
  async function membersOf(pages: readonly (readonly string[])[]) {
    stub = await startStub(({ body }) => {
      const { nextToken = '0', containerInstances } = JSON.parse(body);
      if (containerInstances) {
        const described = containerInstances.map((arn: string) => ({
          ec2InstanceId: arn === 'none' ? undefined : `i-${arn}`,
          registeredAt: 1_780_000_000.5,
          runningTasksCount: arn === 'busy' ? 1 : 0,
          pendingTasksCount: arn === 'busy' ? 2 : 0,
        }));
        return { body: JSON.stringify({ containerInstances: described }) };
      }
      const page = Number(nextToken);
      const next = page + 1 < pages.length ? String(page + 1) : undefined;
      return { body: JSON.stringify({ containerInstanceArns: pages[page], nextToken: next }) };
    });
    return makeEcsClusters(new ECSClient(stub.client)).members('cluster-1');
  }

  it('have the instances of every page, with their tasks', async () => {
    const registeredAt = 1_780_000_000_500;
    expect(await membersOf([['idle', 'none'], [], ['busy']])).toEqual([
      { instanceId: 'i-idle', registeredAt, tasks: 0 },
      { instanceId: 'i-busy', registeredAt, tasks: 3 },
    ]);
    expect(stub?.requests.map(({ body }) => JSON.parse(body))).toMatchObject([
      { cluster: 'cluster-1' },
      { cluster: 'cluster-1', containerInstances: ['idle', 'none'] },
      { nextToken: '1' },
      { nextToken: '2' },
      { containerInstances: ['busy'] },
    ]);
  });

  it('are asked nothing about nobody', async () => {
    expect(await membersOf([[]])).toEqual([]);
    expect(stub?.requests).toHaveLength(1);
  });
});
