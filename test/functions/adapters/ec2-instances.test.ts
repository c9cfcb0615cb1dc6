import { EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { makeEc2Instances } from '../../../functions/adapters/ec2-instances.ts';
import { type HttpStub, startStub } from './http-stub.ts';

const item = (id: string) =>
  `<item><instanceId>${id}</instanceId><launchTime>2026-11-23T22:00:00.000Z</launchTime></item>`;
const page = (reservations: readonly (readonly string[])[], next = '') =>
  `<DescribeInstancesResponse><reservationSet>${reservations
    .map((ids) => `<item><instancesSet>${ids.map(item).join('')}</instancesSet></item>`)
    .join('')}</reservationSet>${next && `<nextToken>${next}</nextToken>`}</DescribeInstancesResponse>`;

describe('the instances on EC2', () => {
  let stub: HttpStub | undefined;
  afterEach(() => stub?.stop());

  it('are those that run and carry our tag, on every page', async () => {
    stub = await startStub(({ body }) => ({
      body: new URLSearchParams(body).has('NextToken') ? page([['i-3']]) : page([['i-1', 'i-2'], []], 'more'),
    }));
    const launchedAt = Date.parse('2026-11-23T22:00:00Z');
    expect(await makeEc2Instances(new EC2Client(stub.client)).running()).toEqual(
      ['i-1', 'i-2', 'i-3'].map((id) => ({ id, launchedAt })),
    );
    expect(Object.fromEntries(new URLSearchParams(stub.requests[0]?.body))).toMatchObject({
      Action: 'DescribeInstances',
      'Filter.1.Name': 'tag:spot-diffusion',
      'Filter.1.Value.1': 'worker',
      'Filter.2.Name': 'instance-state-name',
      'Filter.2.Value.1': 'running',
    });
  });
});
