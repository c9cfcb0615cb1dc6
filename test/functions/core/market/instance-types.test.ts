import { expect, it } from 'vitest';
import {
  findInstanceType,
  instanceTypes,
  pricesAsOf,
  whyRefused,
} from '../../../../functions/core/market/instance-types.ts';

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

it.each([
  ['p2.xlarge', 'K80'],
  ['p3.2xlarge', 'V100'],
  ['p3dn.24xlarge', 'V100'],
  ['g3.4xlarge', 'M60'],
  ['g3s.xlarge', 'M60'],
  ['g5g.xlarge', 'T4G'],
  ['g4ad.xlarge', 'AMD'],
])('says why %s can not be used: %s', (name, reason) => {
  expect(whyRefused(name)).toContain(reason);
});

it('refuses no type of its own, and none that it knows nothing of', () => {
  for (const name of [...instanceTypes.map((type) => type.name), 'm6i.large', 'xlarge', '']) {
    expect(whyRefused(name), name).toBeUndefined();
  }
});
