import { describe, expect, it } from 'vitest';
import { listPools, poolId, queueName } from '../../../../functions/core/market/pools.ts';

const pool = { azId: 'use1-az4', instanceType: 'g6.xlarge', market: 'spot' } as const;

it('names a pool and its queue as the contract does', () => {
  expect(poolId(pool)).toBe('use1-az4/g6.xlarge/spot');
  expect(queueName(pool)).toBe('spot-diffusion-use1-az4-g6-xlarge-spot');
  expect(queueName({ azId: 'any', instanceType: 'a.b.c', market: 'on-demand' })).toBe(
    'spot-diffusion-any-a-b-c-on-demand',
  );
});

describe('listPools', () => {
  it('has each type on Spot in each zone and in any, and on demand in any', () => {
    expect(listPools(['z1', 'z2'], ['g5.xlarge', 'g6.xlarge']).map(poolId)).toEqual([
      'z1/g5.xlarge/spot',
      'z2/g5.xlarge/spot',
      'any/g5.xlarge/spot',
      'any/g5.xlarge/on-demand',
      'z1/g6.xlarge/spot',
      'z2/g6.xlarge/spot',
      'any/g6.xlarge/spot',
      'any/g6.xlarge/on-demand',
    ]);
  });

  it('lists any zone once, even where it is named as a zone', () => {
    expect(listPools(['any', 'z1'], ['g5.xlarge']).map(poolId)).toEqual([
      'z1/g5.xlarge/spot',
      'any/g5.xlarge/spot',
      'any/g5.xlarge/on-demand',
    ]);
  });
});
