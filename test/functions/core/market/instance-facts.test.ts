import { describe, expect, it } from 'vitest';
import { driverGib, type InstanceFact, mergeFacts } from '../../../../functions/core/market/instance-facts.ts';
import { findInstanceType } from '../../../../functions/core/market/instance-types.ts';

const aFact = (over: Partial<InstanceFact> = {}): InstanceFact => ({
  name: 'g6.xlarge',
  gpu: 'L4',
  gpus: 1,
  reportedGib: 22.35,
  vcpus: 4,
  memoryGib: 16,
  ...over,
});
const merge = (...facts: readonly InstanceFact[]) =>
  mergeFacts(
    facts.map((fact) => fact.name),
    facts,
  );

describe('the facts of an instance type', () => {
  it('are those of EC2 where it tells them', () => {
    expect(merge(aFact({ vcpus: 8, memoryGib: 30 }))).toEqual([
      { name: 'g6.xlarge', gpu: 'L4', vramGib: 21.95, vcpus: 8, memoryGib: 30 },
    ]);
  });

  it('are those of the table where EC2 tells none, and none where neither does', () => {
    expect(mergeFacts(['g5.xlarge', 'x9.large', 'g6.xlarge'], [aFact()]).map((type) => type.name)).toEqual([
      'g5.xlarge',
      'g6.xlarge',
    ]);
    expect(mergeFacts(['g5.xlarge'], [])).toEqual([findInstanceType('g5.xlarge')]);
  });

  it('count as usable what EC2 reports less what the driver takes', () => {
    expect(driverGib).toBe(0.4);
    expect(merge(aFact({ name: 'g9.xlarge', gpu: 'new', reportedGib: 32 }))[0]?.vramGib).toBe(31.6);
    expect(merge(aFact({ name: 'g6f.large', reportedGib: 2.794 }))[0]?.vramGib).toBe(2.39);
  });

  it('never count more than is published as usable of that GPU, in whatever size of instance', () => {
    expect(merge(aFact({ name: 'g4dn.xlarge', gpu: 'T4', reportedGib: 16 }))[0]?.vramGib).toBe(14.6);
    expect(merge(aFact({ name: 'g4dn.4xlarge', gpu: 'T4', reportedGib: 16 }))[0]?.vramGib).toBe(14.6);
  });

  it('say how many GPUs there are where there are more than one', () => {
    expect(merge(aFact({ name: 'p5.48xlarge', gpu: 'H100', gpus: 8, reportedGib: 80 }))).toMatchObject([
      { gpus: 8, vramGib: 79 },
    ]);
    expect(merge(aFact())[0]).not.toHaveProperty('gpus');
  });
});
