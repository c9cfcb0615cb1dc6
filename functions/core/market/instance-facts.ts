import { findInstanceType, type InstanceType, instanceTypes } from './instance-types.ts';

/** An instance type as EC2 describes it. */
export interface InstanceFact {
  readonly name: string;
  readonly gpu: string;
  readonly gpus: number;
  /** Of one GPU, as EC2 reports it. */
  readonly reportedGib: number;
  readonly vcpus: number;
  readonly memoryGib: number;
}

/** The driver and a CUDA context, before a process has allocated anything. */
export const driverGib = 0.4;

/**
 * EC2 reports now the size on the box (16 GiB of a T4), now that in powers of ten (24 GB of an L4 are 22.4 GiB), both
 * without what ECC takes. So a GPU of our table never has more than is published as usable.
 */
function usableGib({ gpu, reportedGib }: InstanceFact): number {
  const published = instanceTypes.find((type) => type.gpu === gpu)?.vramGib ?? Number.POSITIVE_INFINITY;
  return Number(Math.min(published, reportedGib - driverGib).toFixed(2));
}

function toInstanceType(fact: InstanceFact): InstanceType {
  const { name, gpu, gpus, vcpus, memoryGib } = fact;
  return { name, gpu, ...(gpus > 1 ? { gpus } : {}), vramGib: usableGib(fact), vcpus, memoryGib };
}

/** Each named type as EC2 describes it, else as our table does; a type that neither knows is left out. */
export function mergeFacts(names: readonly string[], facts: readonly InstanceFact[]): readonly InstanceType[] {
  return names.flatMap((name) => {
    const fact = facts.find((candidate) => candidate.name === name);
    return fact ? toInstanceType(fact) : (findInstanceType(name) ?? []);
  });
}
