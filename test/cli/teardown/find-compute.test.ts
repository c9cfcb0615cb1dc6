import {
  AllocateAddressCommand,
  CreateImageCommand,
  CreateNatGatewayCommand,
  CreateSnapshotCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DescribeImagesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  type ResourceType,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  findAddresses,
  findInstances,
  findNatGateways,
  findSnapshots,
  findVolumes,
} from '../../../cli/teardown/leftovers/find-compute.ts';
import { type Moto, startMoto } from '../../functions/adapters/moto.ts';

const ours = { Key: 'project', Value: 'spot-diffusion' };
const worker = { Key: 'spot-diffusion', Value: 'worker' };
const golden = { Key: 'spot-diffusion', Value: 'golden-ami' };
const foreign = { Key: 'project', Value: 'another' };
const tagged = (ResourceType: ResourceType, tag: typeof ours) => [{ ResourceType, Tags: [tag] }];

let moto: Moto;
let client: EC2Client;
let imageId = '';
beforeAll(async () => {
  moto = await startMoto();
  client = new EC2Client(moto.client);
  const { Images = [] } = await client.send(new DescribeImagesCommand({ Owners: ['amazon'] }));
  imageId = Images[0]?.ImageId ?? '';
}, 60_000);
afterAll(() => moto.stop());

async function runInstance(tag: typeof ours): Promise<string> {
  const input = { ImageId: imageId, InstanceType: 'g6.xlarge' as const, MinCount: 1, MaxCount: 1 };
  const { Instances = [] } = await client.send(
    new RunInstancesCommand({ ...input, TagSpecifications: tagged('instance', tag) }),
  );
  return Instances[0]?.InstanceId ?? '';
}

const createVolume = (tag: typeof ours, Size: number) =>
  client.send(
    new CreateVolumeCommand({
      AvailabilityZone: 'us-east-1a',
      Size,
      VolumeType: 'gp3',
      TagSpecifications: tagged('volume', tag),
    }),
  );

describe('what of EC2 is left', () => {
  it('is an instance of ours that runs, with its address and its volume; none that is gone, none of others', async () => {
    await runInstance(foreign);
    await client.send(new TerminateInstancesCommand({ InstanceIds: [await runInstance(worker)] }));
    expect(await findInstances(client)).toEqual([]);
    const id = await runInstance(worker);
    const found = await findInstances(client);
    expect(found.map(({ kind }) => kind)).toEqual(['instance', 'address']);
    expect(found[0]).toMatchObject({ kind: 'instance', id, usdPerMonth: 0.8048 * 730 });
    // Its volume has no tag of ours: it is found by the instance.
    expect(await findVolumes(client)).toHaveLength(1);
  });

  it('is a volume without an instance', async () => {
    await createVolume(ours, 60);
    await createVolume(foreign, 500);
    expect((await findVolumes(client)).map(({ says }) => says)).toContain('60 GiB of gp3');
    expect((await findVolumes(client)).map(({ says }) => says)).not.toContain('500 GiB of gp3');
  });

  it('is the snapshot of a machine image of ours, once, and one whose image is gone', async () => {
    const instance = await runInstance(foreign);
    const { ImageId = '' } = await client.send(new CreateImageCommand({ InstanceId: instance, Name: 'golden' }));
    await client.send(new CreateTagsCommand({ Resources: [ImageId], Tags: [golden] }));
    const { VolumeId = '' } = await createVolume(foreign, 40);
    const { SnapshotId = '' } = await client.send(new CreateSnapshotCommand({ VolumeId }));
    const builder = 'arn:aws:imagebuilder:us-east-1:123456789012:image/spot-diffusion/1.0.7/1';
    const tag = { Key: 'Ec2ImageBuilderArn', Value: builder };
    await client.send(new CreateTagsCommand({ Resources: [SnapshotId], Tags: [tag] }));
    const found = await findSnapshots(client);
    const ids = found.map(({ id }) => id);
    expect(ids).toContain(SnapshotId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(found.find(({ says }) => says.includes(ImageId))?.fix).toContain(`deregister-image --image-id ${ImageId}; `);
  });

  it('is an address that nobody uses, and a NAT gateway', async () => {
    await client.send(new AllocateAddressCommand({ TagSpecifications: tagged('elastic-ip', ours) }));
    await client.send(new AllocateAddressCommand({ TagSpecifications: tagged('elastic-ip', foreign) }));
    expect(await findAddresses(client)).toMatchObject([{ kind: 'address', usdPerMonth: 3.65 }]);
    const { Subnets = [] } = await client.send(new DescribeSubnetsCommand({}));
    await client.send(
      new CreateNatGatewayCommand({ SubnetId: Subnets[0]?.SubnetId, TagSpecifications: tagged('natgateway', ours) }),
    );
    expect(await findNatGateways(client)).toMatchObject([{ kind: 'NAT gateway' }]);
  });
});
