import {
  type Address,
  DescribeAddressesCommand,
  type EC2Client,
  type Filter,
  type Image,
  type Instance,
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeNatGateways,
  paginateDescribeSnapshots,
  paginateDescribeVolumes,
  type Snapshot,
  type Volume,
} from '@aws-sdk/client-ec2';
import { ourTag } from '../../../functions/core/our-tag.ts';
import type { Leftover } from './leftover.ts';
import { addressLeftover, instanceLeftover, natLeftover, snapshotLeftover, volumeLeftover } from './priced.ts';

/** Of the stack, or of what AWS starts and names for us. Filters of one call must all fit: one call each. */
const ours: readonly Filter[] = [
  { Name: 'tag:project', Values: ['spot-diffusion'] },
  { Name: `tag:${ourTag.key}`, Values: [ourTag.worker, ourTag.goldenAmi] },
];

/** An AMI's tags do not reach its snapshots; Image Builder's own does. */
const ofBuilder: Filter = { Name: 'tag:Ec2ImageBuilderArn', Values: ['*:image/spot-diffusion/*'] };

async function gather<Page, Item>(
  filters: readonly Filter[],
  {
    page,
    items,
    idOf,
  }: {
    readonly page: (filter: Filter) => AsyncIterable<Page>;
    readonly items: (page: Page) => readonly Item[] | undefined;
    readonly idOf: (item: Item) => string | undefined;
  },
): Promise<ReadonlyMap<string, Item>> {
  const found = new Map<string, Item>();
  for (const filter of filters) {
    for await (const one of page(filter)) for (const item of items(one) ?? []) found.set(idOf(item) ?? '', item);
  }
  return found;
}

const isBilled = ({ State }: Instance) => State?.Name === 'pending' || State?.Name === 'running';
const isThere = ({ State }: Instance) => State?.Name !== 'terminated' && State?.Name !== 'shutting-down';

async function listInstances(client: EC2Client): Promise<readonly Instance[]> {
  const found = await gather(ours, {
    page: (filter) => paginateDescribeInstances({ client }, { Filters: [filter] }),
    items: ({ Reservations = [] }) => Reservations.flatMap(({ Instances = [] }) => Instances),
    idOf: ({ InstanceId }) => InstanceId,
  });
  return [...found.values()].filter(isThere);
}

const ofInstance = (instance: Instance): readonly Leftover[] => {
  const { InstanceId: id = '', InstanceType: type = '', InstanceLifecycle: market = 'on demand' } = instance;
  if (!isBilled(instance)) return [];
  const address = instance.PublicIpAddress ? [addressLeftover(id, instance.PublicIpAddress)] : [];
  return [instanceLeftover(id, type, { market }), ...address];
};

export const findInstances = async (client: EC2Client) => (await listInstances(client)).flatMap(ofInstance);

/** Those of ours, and those of our instances: Batch tags instances alone. */
export async function findVolumes(client: EC2Client): Promise<readonly Leftover[]> {
  const instances = await listInstances(client);
  const ids = instances.flatMap(({ InstanceId }) => InstanceId ?? []);
  const attached = ids.length ? [{ Name: 'attachment.instance-id', Values: ids }] : [];
  const found = await gather([...ours, ...attached], {
    page: (filter) => paginateDescribeVolumes({ client }, { Filters: [filter] }),
    items: ({ Volumes }) => Volumes,
    idOf: ({ VolumeId }: Volume) => VolumeId,
  });
  return [...found].map(([id, { Size = 0, VolumeType = '' }]) => volumeLeftover(id, Size, VolumeType));
}

export async function findSnapshots(client: EC2Client): Promise<readonly Leftover[]> {
  const images = await gather(ours, {
    page: (filter) => paginateDescribeImages({ client }, { Owners: ['self'], Filters: [filter] }),
    items: ({ Images }) => Images,
    idOf: ({ ImageId }: Image) => ImageId,
  });
  const ofImages = [...images.values()].flatMap(({ ImageId, BlockDeviceMappings = [] }) =>
    BlockDeviceMappings.flatMap(({ Ebs }) =>
      Ebs?.SnapshotId ? [snapshotLeftover(Ebs.SnapshotId, Ebs.VolumeSize ?? 0, ImageId)] : [],
    ),
  );
  const snapshots = await gather([...ours, ofBuilder], {
    page: (filter) => paginateDescribeSnapshots({ client }, { OwnerIds: ['self'], Filters: [filter] }),
    items: ({ Snapshots }) => Snapshots,
    idOf: ({ SnapshotId }: Snapshot) => SnapshotId,
  });
  const others = [...snapshots].filter(([id]) => !ofImages.some((known) => known.id === id));
  return [...ofImages, ...others.map(([id, { VolumeSize = 0 }]) => snapshotLeftover(id, VolumeSize))];
}

export async function findAddresses(client: EC2Client): Promise<readonly Leftover[]> {
  const { Addresses = [] } = await client.send(new DescribeAddressesCommand({ Filters: ours.slice(0, 1) }));
  return Addresses.map(({ AllocationId = '', PublicIp = '' }: Address) => addressLeftover(AllocationId, PublicIp));
}

export async function findNatGateways(client: EC2Client): Promise<readonly Leftover[]> {
  const found: Leftover[] = [];
  for await (const page of paginateDescribeNatGateways({ client }, { Filter: ours.slice(0, 1) })) {
    const there = (page.NatGateways ?? []).filter(({ State }) => State !== 'deleted' && State !== 'deleting');
    found.push(...there.map(({ NatGatewayId = '' }) => natLeftover(NatGatewayId)));
  }
  return found;
}
