import { DescribeContainerInstancesCommand, type ECSClient, paginateListContainerInstances } from '@aws-sdk/client-ecs';
import type { Clusters, Member } from '../core/fleet/ports.ts';

/** Each page of 100 is described at once: DescribeContainerInstances takes no more. */
export function makeEcsClusters(client: ECSClient): Clusters {
  return {
    members: async (cluster) => {
      const found: Member[] = [];
      for await (const { containerInstanceArns: arns } of paginateListContainerInstances({ client }, { cluster })) {
        if (!arns?.length) continue;
        const described = await client.send(
          new DescribeContainerInstancesCommand({ cluster, containerInstances: arns }),
        );
        for (const {
          ec2InstanceId,
          registeredAt,
          runningTasksCount,
          pendingTasksCount,
        } of described.containerInstances ?? []) {
          if (!ec2InstanceId) continue;
          const tasks = (runningTasksCount ?? 0) + (pendingTasksCount ?? 0);
          found.push({ instanceId: ec2InstanceId, registeredAt: registeredAt?.getTime() ?? 0, tasks });
        }
      }
      return found;
    },
  };
}
