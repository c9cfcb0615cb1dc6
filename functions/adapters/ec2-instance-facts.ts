import { type EC2Client, type InstanceTypeInfo, paginateDescribeInstanceTypes } from '@aws-sdk/client-ec2';
import type { InstanceFact } from '../core/market/instance-facts.ts';
import type { InstanceFacts } from '../core/market/ports.ts';

/** `RTX PRO Server 6000` is the RTX PRO 6000 of our table. */
const gpuName = (name: string) => name.replace('RTX PRO Server', 'RTX PRO');

/** A type without a GPU of NVIDIA, or one that EC2 describes by halves, is none. A part of a GPU counts as one. */
function toFact(info: InstanceTypeInfo): readonly InstanceFact[] {
  const { InstanceType: name, VCpuInfo, MemoryInfo, GpuInfo } = info;
  const gpu = GpuInfo?.Gpus?.find(({ Manufacturer }) => Manufacturer === 'NVIDIA');
  const [vcpus, memoryMib, gpuMib] = [VCpuInfo?.DefaultVCpus, MemoryInfo?.SizeInMiB, gpu?.MemoryInfo?.SizeInMiB];
  if (!name || !gpu?.Name || !vcpus || !memoryMib || !gpuMib) return [];
  const gpus = Math.max(1, gpu.Count ?? 1);
  return [{ name, gpu: gpuName(gpu.Name), gpus, reportedGib: gpuMib / 1024, vcpus, memoryGib: memoryMib / 1024 }];
}

/** By a filter: a list of names fails as a whole for one type that the region lacks. */
export function makeEc2InstanceFacts(client: EC2Client): InstanceFacts {
  return {
    describe: async (instanceTypes) => {
      const Filters = [{ Name: 'instance-type', Values: [...instanceTypes] }];
      const found: InstanceFact[] = [];
      for await (const page of paginateDescribeInstanceTypes({ client }, { Filters })) {
        found.push(...(page.InstanceTypes ?? []).flatMap(toFact));
      }
      return found;
    },
  };
}
