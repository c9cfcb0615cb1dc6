import { type EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import type { Instance, Instances } from '../core/fleet/ports.ts';
import { ourTag } from '../core/our-tag.ts';

const Filters = [
  { Name: `tag:${ourTag.key}`, Values: [ourTag.worker] },
  { Name: 'instance-state-name', Values: ['running'] },
];

export function makeEc2Instances(client: EC2Client): Instances {
  return {
    running: async () => {
      const found: Instance[] = [];
      for await (const page of paginateDescribeInstances({ client }, { Filters })) {
        const instances = (page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
        for (const { InstanceId: id, LaunchTime } of instances) {
          if (id) found.push({ id, launchedAt: LaunchTime?.getTime() ?? 0 });
        }
      }
      return found;
    },
  };
}
