import { describe, expect, it } from 'vitest';
import { keepSettlement } from '../../../../functions/core/settle/keep-settlement.ts';
import { makeFakeBucket } from '../../../fakes/bucket.ts';
import { aSettlement } from '../../../fakes/builders.ts';

describe('a settlement', () => {
  it('is written where the receipt looks for it', async () => {
    const bucket = makeFakeBucket();
    const settlement = aSettlement({ shard: 3, attempt: 2 });
    expect(await keepSettlement(bucket, settlement)).toEqual(settlement);
    expect(JSON.parse((await bucket.read('jobs/job-1/attempts/00003-2.settled.json')) ?? '')).toEqual(settlement);
  });

  it('stands as it was written first', async () => {
    const bucket = makeFakeBucket();
    await keepSettlement(bucket, aSettlement({ usd: 0.03 }));
    expect(await keepSettlement(bucket, aSettlement({ usd: 0.04 }))).toEqual(aSettlement({ usd: 0.03 }));
    expect(bucket.written).toHaveLength(1);
  });
});
