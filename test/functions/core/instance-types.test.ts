import { expect, it } from 'vitest';
import { findInstanceType, instanceTypes, pricesAsOf } from '../../../functions/core/instance-types.ts';

it('finds a type by its exact name', () => {
  expect(findInstanceType('g6.xlarge')).toMatchObject({ gpu: 'L4', vramGib: 22, vcpus: 4, onDemandUsdPerHour: 0.8048 });
  expect(findInstanceType('g6')).toBeUndefined();
  expect(findInstanceType('')).toBeUndefined();
});

it('has each type once, with figures that can be', () => {
  expect(new Set(instanceTypes.map((type) => type.name)).size).toBe(instanceTypes.length);
  for (const { name, vramGib, vcpus, memoryGib, onDemandUsdPerHour } of instanceTypes) {
    expect(name).toMatch(/^[a-z]\w+\.\w+$/);
    for (const figure of [vramGib, vcpus, memoryGib, onDemandUsdPerHour]) expect(figure).toBeGreaterThan(0);
  }
});

it('says of which month its prices are', () => {
  expect(pricesAsOf).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/);
});
