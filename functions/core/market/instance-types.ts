/** A GPU instance type, from our table or from EC2. */
export interface InstanceType {
  readonly name: string;
  /** A `Gpu`, or one that we have no figures of. */
  readonly gpu: string;
  /** Absent: one. The worker uses one; only what was learned of the type can say more. */
  readonly gpus?: number;
  /** Memory of one GPU that a process can use, in GiB: less than the number on the box. */
  readonly vramGib: number;
  readonly vcpus: number;
  readonly memoryGib: number;
}

export type Gpu = 'T4' | 'A10G' | 'L4' | 'L40S' | 'RTX PRO 6000' | 'H100';

/** A type of our table. */
export interface ListedType extends InstanceType {
  readonly gpu: Gpu;
  /** On-demand price, Linux, us-east-1, USD per hour, as of `pricesAsOf`. */
  readonly onDemandUsdPerHour: number;
}

/** The date of the bundled on-demand prices. */
export const pricesAsOf = '2026-11';

/**
 * Source: EC2 "Accelerated computing" instance page, 2026 copy; usable memory as published for A10G, L4 and L40S.
 */
export const instanceTypes: readonly ListedType[] = [
  { name: 'g4dn.xlarge', gpu: 'T4', vramGib: 14.6, vcpus: 4, memoryGib: 16, onDemandUsdPerHour: 0.526 },
  { name: 'g4dn.2xlarge', gpu: 'T4', vramGib: 14.6, vcpus: 8, memoryGib: 32, onDemandUsdPerHour: 0.752 },
  { name: 'g5.xlarge', gpu: 'A10G', vramGib: 22, vcpus: 4, memoryGib: 16, onDemandUsdPerHour: 1.006 },
  { name: 'g5.2xlarge', gpu: 'A10G', vramGib: 22, vcpus: 8, memoryGib: 32, onDemandUsdPerHour: 1.212 },
  { name: 'g6.xlarge', gpu: 'L4', vramGib: 22, vcpus: 4, memoryGib: 16, onDemandUsdPerHour: 0.8048 },
  { name: 'g6.2xlarge', gpu: 'L4', vramGib: 22, vcpus: 8, memoryGib: 32, onDemandUsdPerHour: 0.9776 },
  { name: 'g6e.xlarge', gpu: 'L40S', vramGib: 44, vcpus: 4, memoryGib: 32, onDemandUsdPerHour: 1.861 },
  { name: 'g6e.2xlarge', gpu: 'L40S', vramGib: 44, vcpus: 8, memoryGib: 64, onDemandUsdPerHour: 2.242 },
  { name: 'g7e.2xlarge', gpu: 'RTX PRO 6000', vramGib: 94, vcpus: 8, memoryGib: 64, onDemandUsdPerHour: 3.3631 },
  { name: 'p5.4xlarge', gpu: 'H100', vramGib: 79, vcpus: 16, memoryGib: 256, onDemandUsdPerHour: 6.88 },
];

export const findInstanceType = (name: string) => instanceTypes.find((type) => type.name === name);

/** Families that look like GPU types and can't be used, each with its reason. */
const refusedFamilies: Readonly<Record<string, string>> = {
  p2: "PyTorch's CUDA 13 wheel has no code for its GPU (K80)",
  p3: "PyTorch's CUDA 13 wheel has no code for its GPU (V100)",
  p3dn: "PyTorch's CUDA 13 wheel has no code for its GPU (V100)",
  g3: "PyTorch's CUDA 13 wheel has no code for its GPU (M60)",
  g3s: "PyTorch's CUDA 13 wheel has no code for its GPU (M60)",
  g5g: "PyTorch's CUDA 13 wheel for arm64 has no code for its GPU (T4G), and AWS Batch has no AMI for it",
  g4ad: 'its GPU is of AMD, AWS Batch schedules GPUs of NVIDIA alone',
};

export const whyRefused = (name: string): string | undefined => refusedFamilies[name.split('.')[0] ?? ''];
