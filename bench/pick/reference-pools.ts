import type { LearnedSpeed } from '../../functions/core/learn/learned.ts';
import type { InstanceType } from '../../functions/core/market/instance-types.ts';
import { learned } from '../replay/reference.ts';

/** Until the ledger knows better, and the same everywhere here: weights from S3 and importing the libraries. */
const loadSeconds = 18;

interface ReferenceType extends InstanceType {
  /** SD 1.5, 512x512, 50 steps, of the whole instance; source: diffusers' and Lambda's published figures. */
  readonly imagesPerSecond: number;
}

/** One type per GPU of the recorded families. */
export const reference: readonly ReferenceType[] = [
  { name: 'g4dn.xlarge', gpu: 'T4', vramGib: 14.6, vcpus: 4, memoryGib: 16, imagesPerSecond: 0.137 },
  { name: 'p3.2xlarge', gpu: 'V100', vramGib: 15.7, vcpus: 8, memoryGib: 61, imagesPerSecond: 0.531 },
  { name: 'g5.xlarge', gpu: 'A10G', vramGib: 22, vcpus: 4, memoryGib: 16, imagesPerSecond: 0.389 },
  { name: 'p4d.24xlarge', gpu: 'A100', gpus: 8, vramGib: 39, vcpus: 96, memoryGib: 1152, imagesPerSecond: 7.78 },
];

export const types: readonly InstanceType[] = reference;

export const speeds: readonly LearnedSpeed[] = reference.map(({ name, imagesPerSecond }) =>
  learned(name, imagesPerSecond, loadSeconds),
);
