import { describe, expect, it } from 'vitest';
import { readUndelivered } from '../../../../functions/core/settle/undelivered.ts';
import { settlementKey } from '../../../../functions/core/storage/keys.ts';
import { makeFakeBucket } from '../../../fakes/bucket.ts';
import { aSettlement } from '../../../fakes/builders.ts';

describe('readUndelivered', () => {
  it('has the attempts of this shard that did not deliver, in order', async () => {
    const bucket = makeFakeBucket();
    const keep = (shard: number, attempt: number, outcome: 'Succeeded' | 'SpotInterrupted') =>
      bucket.write(settlementKey('job', shard, attempt), JSON.stringify(aSettlement({ shard, attempt, outcome })));
    await keep(0, 10, 'SpotInterrupted');
    await keep(0, 2, 'SpotInterrupted');
    await keep(0, 11, 'Succeeded');
    await keep(1, 1, 'SpotInterrupted');
    await bucket.write('jobs/job/attempts/00000-2.json', '{}');
    const found = await readUndelivered(bucket, { jobId: 'job', shard: 0 });
    expect(found.map(({ attempt }) => attempt)).toEqual([2, 10]);
  });
});
