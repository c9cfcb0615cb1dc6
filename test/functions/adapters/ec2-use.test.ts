import { EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { makeEc2Use } from '../../../functions/adapters/ec2-use.ts';
import { type HttpStub, startStub } from './http-stub.ts';

interface Row {
  readonly type?: string;
  readonly lifecycle?: string;
  readonly cores?: number;
  /** of our tag */
  readonly tag?: string;
}

const tagSet = (tag: string | undefined) =>
  tag === undefined ? '' : `<tagSet><item><key>spot-diffusion</key><value>${tag}</value></item></tagSet>`;
const item = ({ type, lifecycle, cores, tag }: Row) =>
  `<item>${tagSet(tag)}${type ? `<instanceType>${type}</instanceType>` : ''}${lifecycle ? `<instanceLifecycle>${lifecycle}</instanceLifecycle>` : ''}${cores ? `<cpuOptions><coreCount>${cores}</coreCount><threadsPerCore>2</threadsPerCore></cpuOptions>` : ''}</item>`;
const page = (rows: readonly Row[], next: string) =>
  `<DescribeInstancesResponse><reservationSet><item><instancesSet>${rows.map(item).join('')}</instancesSet></item></reservationSet><nextToken>${next}</nextToken></DescribeInstancesResponse>`;

describe('the use of instances on EC2', () => {
  let stub: HttpStub | undefined;
  afterEach(() => stub?.stop());

  async function useOf(market: 'spot' | 'on-demand', pages: readonly (readonly Row[])[]) {
    stub = await startStub(({ body }) => {
      const at = Number(new URLSearchParams(body).get('NextToken') ?? 0);
      return { body: page(pages[at] ?? [], at + 1 < pages.length ? String(at + 1) : '') };
    });
    return makeEc2Use(new EC2Client(stub.client)).vcpus(market, ['g*', 'vt*']);
  }

  it('asks for what runs or starts, of the types that count', async () => {
    expect(await useOf('spot', [[]])).toBe(0);
    expect(Object.fromEntries(new URLSearchParams(stub?.requests[0]?.body))).toMatchObject({
      Action: 'DescribeInstances',
      'Filter.1.Name': 'instance-state-name',
      'Filter.1.Value.1': 'pending',
      'Filter.1.Value.2': 'running',
      'Filter.2.Name': 'instance-type',
      'Filter.2.Value.1': 'g*',
      'Filter.2.Value.2': 'vt*',
    });
  });

  const mixed: readonly Row[] = [
    { type: 'g6.xlarge', lifecycle: 'spot' },
    { type: 'g7e.2xlarge', lifecycle: 'spot' },
    { type: 'g6.xlarge' },
    { type: 'p5.4xlarge', lifecycle: 'capacity-block' },
  ];

  it('counts the vCPUs of the market alone, over all pages', async () => {
    expect(await useOf('spot', [mixed, [], mixed])).toBe(24);
    await stub?.stop();
    expect(await useOf('on-demand', [mixed])).toBe(4);
  });

  it('counts the default vCPUs of a type it knows, the cores of another', async () => {
    expect(await useOf('spot', [[{ type: 'g6.xlarge', lifecycle: 'spot', cores: 1 }]])).toBe(4);
    await stub?.stop();
    expect(await useOf('spot', [[{ type: 'g6.48xlarge', lifecycle: 'spot', cores: 96 }]])).toBe(192);
    await stub?.stop();
    expect(await useOf('spot', [[{ lifecycle: 'spot' }]])).toBe(0);
  });

  it('tells what is none of our workers', async () => {
    const ours = { type: 'g6.xlarge', lifecycle: 'spot', tag: 'worker' };
    const pages = [page([...mixed, ours, { ...ours, tag: 'builder' }], '')];
    stub = await startStub(() => ({ body: pages[0] }));
    const use = makeEc2Use(new EC2Client(stub.client));
    expect(await use.othersVcpus('spot', ['g*'])).toBe(16);
    expect(await use.vcpus('spot', ['g*'])).toBe(20);
  });

  const failure = (code: string) => ({
    status: 403,
    body: `<Response><Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors></Response>`,
  });

  it('is unknown where it may not be asked for, and any other failure is one', async () => {
    for (const code of ['UnauthorizedOperation', 'RequestLimitExceeded']) {
      stub = await startStub(() => failure(code));
      const asked = makeEc2Use(new EC2Client(stub.client)).vcpus('spot', ['g*']);
      if (code === 'UnauthorizedOperation') expect(await asked).toBeUndefined();
      else await expect(asked).rejects.toThrow();
      await stub.stop();
    }
    stub = undefined;
  });
});
