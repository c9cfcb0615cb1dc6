import { EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { makeEc2InstanceFacts } from '../../../functions/adapters/ec2-instance-facts.ts';
import { type HttpStub, startStub } from './http-stub.ts';

interface Row {
  readonly type?: string;
  readonly vcpus?: number;
  readonly mib?: number;
  readonly gpus?: readonly {
    readonly name?: string;
    readonly maker?: string;
    readonly count?: number;
    readonly mib?: number;
  }[];
}

const field = (name: string, value: string | number | undefined) =>
  value === undefined ? '' : `<${name}>${value}</${name}>`;
const item = ({ type, vcpus, mib, gpus }: Row) => {
  const items = gpus?.map(
    (gpu) =>
      `<item>${field('name', gpu.name)}${field('manufacturer', gpu.maker ?? 'NVIDIA')}${field('count', gpu.count)}<memoryInfo>${field('sizeInMiB', gpu.mib)}</memoryInfo></item>`,
  );
  const gpuInfo = items ? `<gpuInfo><gpus>${items.join('')}</gpus></gpuInfo>` : '';
  return `<item>${field('instanceType', type)}<vCpuInfo>${field('defaultVCpus', vcpus)}</vCpuInfo><memoryInfo>${field('sizeInMiB', mib)}</memoryInfo>${gpuInfo}</item>`;
};
const page = (rows: readonly Row[], next: string) =>
  `<DescribeInstanceTypesResponse><instanceTypeSet>${rows.map(item).join('')}</instanceTypeSet><nextToken>${next}</nextToken></DescribeInstanceTypesResponse>`;

const row = (over: Row = {}): Row => ({
  type: 'g6.xlarge',
  vcpus: 4,
  mib: 16_384,
  gpus: [{ name: 'L4', count: 1, mib: 22_888 }],
  ...over,
});
const fact = { name: 'g6.xlarge', gpu: 'L4', gpus: 1, reportedGib: 22_888 / 1024, vcpus: 4, memoryGib: 16 };

describe('the facts of types on EC2', () => {
  let stub: HttpStub | undefined;
  afterEach(() => stub?.stop());

  async function factsOf(...pages: readonly (readonly Row[])[]) {
    stub = await startStub(({ body }) => {
      const at = Number(new URLSearchParams(body).get('NextToken') ?? 0);
      return { body: page(pages[at] ?? [], at + 1 < pages.length ? String(at + 1) : '') };
    });
    return makeEc2InstanceFacts(new EC2Client(stub.client)).describe(['g6.xlarge', 'p9.large']);
  }

  it('are asked for by a filter: a type that the region lacks is left out, not an error', async () => {
    expect(await factsOf([row()])).toEqual([fact]);
    const form = Object.fromEntries(new URLSearchParams(stub?.requests[0]?.body));
    expect(form).toMatchObject({
      Action: 'DescribeInstanceTypes',
      'Filter.1.Name': 'instance-type',
      'Filter.1.Value.1': 'g6.xlarge',
      'Filter.1.Value.2': 'p9.large',
    });
    expect(form).not.toHaveProperty('InstanceType.1');
  });

  it('come from all pages', async () => {
    expect(await factsOf([row()], [], [row({ type: 'g6.2xlarge', vcpus: 8 })])).toHaveLength(2);
  });

  it('have the names of our table, and the number of GPUs', async () => {
    const [large] = await factsOf([
      row({ type: 'g7e.24xlarge', gpus: [{ name: 'RTX PRO Server 6000', count: 4, mib: 98_304 }] }),
    ]);
    expect(large).toMatchObject({ gpu: 'RTX PRO 6000', gpus: 4, reportedGib: 96 });
  });

  it('take a part of a GPU for one', async () => {
    const [part] = await factsOf([row({ type: 'g6f.large', gpus: [{ name: 'L4', count: 0, mib: 2861 }] })]);
    expect(part).toMatchObject({ gpus: 1, reportedGib: 2861 / 1024 });
  });

  it.each<Row>([
    { type: undefined },
    { vcpus: undefined },
    { vcpus: 0 },
    { mib: undefined },
    { gpus: undefined },
    { gpus: [] },
    { gpus: [{ name: 'Radeon Pro V520', maker: 'AMD', count: 1, mib: 8192 }] },
    { gpus: [{ count: 1, mib: 22_888 }] },
    { gpus: [{ name: 'L4', count: 1 }] },
  ])('pass over a type with %j', async (junk) => {
    expect(await factsOf([row(junk), row()])).toEqual([fact]);
  });

  it('hand on a refusal', async () => {
    stub = await startStub(() => ({
      status: 403,
      body: '<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>',
    }));
    await expect(makeEc2InstanceFacts(new EC2Client(stub.client)).describe(['g6.xlarge'])).rejects.toThrow();
  });
});
