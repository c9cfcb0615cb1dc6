import { type EC2Client, EC2ServiceException, type Instance, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import type { Market } from '../core/market/pools.ts';
import type { InstanceUse } from '../core/market/ports.ts';
import { vcpusOf } from '../core/market/quotas.ts';
import { ourTag } from '../core/our-tag.ts';

/** The quota counts a type's default vCPUs, also where fewer are switched on. */
const countVcpus = ({ InstanceType: type, CpuOptions: cpu }: Instance): number =>
  vcpusOf(type ?? '') ?? (cpu?.CoreCount ?? 0) * (cpu?.ThreadsPerCore ?? 1);

/** On demand has no lifecycle: `scheduled` and `capacity-block` draw on quotas of their own. */
const isOf = (market: Market) => (instance: Instance) =>
  instance.InstanceLifecycle === (market === 'spot' ? 'spot' : undefined);

const isOurs = ({ Tags = [] }: Instance) =>
  Tags.some(({ Key, Value }) => Key === ourTag.key && Value === ourTag.worker);

export function makeEc2Use(client: EC2Client): InstanceUse {
  async function count(instanceTypes: readonly string[], counts: (instance: Instance) => boolean) {
    const Filters = [
      { Name: 'instance-state-name', Values: ['pending', 'running'] },
      { Name: 'instance-type', Values: [...instanceTypes] },
    ];
    let sum = 0;
    try {
      for await (const page of paginateDescribeInstances({ client }, { Filters })) {
        const instances = (page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
        for (const instance of instances.filter(counts)) sum += countVcpus(instance);
      }
      return sum;
    } catch (error) {
      if (error instanceof EC2ServiceException && error.name === 'UnauthorizedOperation') return undefined;
      throw error;
    }
  }
  return {
    vcpus: (market, instanceTypes) => count(instanceTypes, isOf(market)),
    othersVcpus: (market, instanceTypes) =>
      count(instanceTypes, (instance) => isOf(market)(instance) && !isOurs(instance)),
  };
}
