import { BatchClient } from '@aws-sdk/client-batch';
import { afterEach, describe, expect, it } from 'vitest';
import { makeBatchEnvironments } from '../../../functions/adapters/batch-environments.ts';
import { type HttpStub, startStub } from './http-stub.ts';

/** Answers of both operations, one page each call. */
interface Pages {
  readonly queues: readonly object[];
  readonly environments?: readonly object[];
}

describe('the compute environments on AWS Batch', () => {
  let stub: HttpStub | undefined;
  afterEach(() => stub?.stop());

  async function batchWith({ queues, environments = [{}] }: Pages) {
    stub = await startStub(({ url, body }) => {
      const page = Number(JSON.parse(body).nextToken ?? 0);
      const pages = url.endsWith('/describejobqueues') ? queues : environments;
      const nextToken = page + 1 < pages.length ? String(page + 1) : undefined;
      return { body: JSON.stringify({ ...pages[page], nextToken }) };
    });
    return makeBatchEnvironments(new BatchClient(stub.client));
  }
  const sent = (operation: string) =>
    (stub?.requests ?? []).filter(({ url }) => url.endsWith(operation)).map(({ body }) => JSON.parse(body));
  const queueOf = (...arns: readonly string[]) => ({
    computeEnvironmentOrder: arns.map((computeEnvironment, order) => ({ order, computeEnvironment })),
  });
  const detail = (over: object = {}) => ({
    computeEnvironmentArn: 'ce-1',
    status: 'VALID',
    ecsClusterArn: 'cluster-1',
    computeResources: { ec2Configuration: [{ imageType: 'ECS_AL2023_NVIDIA', imageIdOverride: 'ami-1' }] },
    ...over,
  });
  const found = { arn: 'ce-1', settled: true, valid: true, clusterArn: 'cluster-1', imageId: 'ami-1' };

  it('are found through the queues that exist, each once, over all pages', async () => {
    const environments = await batchWith({
      queues: [{ jobQueues: [queueOf('ce-1', 'ce-2')] }, {}, { jobQueues: [queueOf('ce-2'), {}] }],
      environments: [
        { computeEnvironments: [detail()] },
        {},
        { computeEnvironments: [detail({ computeEnvironmentArn: 'ce-2' }), { status: 'VALID' }] },
      ],
    });
    expect(await environments.behind(['q-1', 'q-2'])).toEqual([found, { ...found, arn: 'ce-2' }]);
    expect(sent('/describejobqueues')[0]).toEqual({ jobQueues: ['q-1', 'q-2'] });
    expect(sent('/describecomputeenvironments')[0]).toEqual({ computeEnvironments: ['ce-1', 'ce-2'] });
  });

  it('are none without a queue: an empty list would ask for those of the whole account', async () => {
    const environments = await batchWith({ queues: [{ jobQueues: [] }] });
    expect(await environments.behind(['q'])).toEqual([]);
    expect(sent('/describecomputeenvironments')).toEqual([]);
  });

  it.each([
    ['VALID', true, true],
    ['INVALID', true, false],
    ['UPDATING', false, false],
    ['CREATING', false, false],
    ['DELETING', false, false],
  ])('that are %s: settled %s, valid %s', async (status, settled, valid) => {
    const environments = await batchWith({
      queues: [{ jobQueues: [queueOf('ce-1')] }],
      environments: [{ computeEnvironments: [detail({ status })] }],
    });
    expect(await environments.behind(['q'])).toEqual([{ ...found, settled, valid }]);
  });

  it.each([{}, { ec2Configuration: [] }, { ec2Configuration: [{ imageType: 'ECS_AL2023_NVIDIA' }] }])(
    "start from AWS's image where they say no other: %j",
    async (computeResources) => {
      const environments = await batchWith({
        queues: [{ jobQueues: [queueOf('ce-1')] }],
        environments: [{ computeEnvironments: [detail({ computeResources })] }],
      });
      expect((await environments.behind(['q']))[0]?.imageId).toBeUndefined();
    },
  );

  it('take an image of ours', async () => {
    await (await batchWith({ queues: [] })).useImage('ce-1', 'ami-2');
    expect(sent('/updatecomputeenvironment')).toEqual([
      {
        computeEnvironment: 'ce-1',
        computeResources: { ec2Configuration: [{ imageType: 'ECS_AL2023_NVIDIA', imageIdOverride: 'ami-2' }] },
      },
    ]);
  });
});
