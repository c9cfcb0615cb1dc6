import {
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  type EC2Client,
  type Image,
  paginateDescribeImages,
} from '@aws-sdk/client-ec2';
import type { GoldenImage, GoldenImages } from '../core/fleet/ports.ts';
import { ourTag } from '../core/our-tag.ts';

const request = {
  Owners: ['self'],
  Filters: [
    { Name: `tag:${ourTag.key}`, Values: [ourTag.goldenAmi] },
    { Name: 'state', Values: ['available'] },
  ],
};

function toGoldenImage({ ImageId: id, CreationDate, BlockDeviceMappings }: Image): readonly GoldenImage[] {
  const snapshotIds = (BlockDeviceMappings ?? []).flatMap((mapping) => mapping.Ebs?.SnapshotId ?? []);
  return id ? [{ id, createdAt: CreationDate ?? '', snapshotIds }] : [];
}

export function makeEc2Images(client: EC2Client): GoldenImages {
  return {
    list: async () => {
      const found: GoldenImage[] = [];
      for await (const page of paginateDescribeImages({ client }, request)) {
        found.push(...(page.Images ?? []).flatMap(toGoldenImage));
      }
      return found;
    },
    remove: async ({ id, snapshotIds }) => {
      await client.send(new DeregisterImageCommand({ ImageId: id }));
      for (const SnapshotId of snapshotIds) await client.send(new DeleteSnapshotCommand({ SnapshotId }));
    },
  };
}
