import { describe, expect, it, vi } from 'vitest';
import { findUnrecorded } from '../../../../functions/core/settle/unrecorded-images.ts';
import { shardKey } from '../../../../functions/core/storage/keys.ts';
import { makeFakeBucket } from '../../../fakes/bucket.ts';
import { aRecordOf, aSettlement, aShard, images } from '../../../fakes/builders.ts';

const [first, second] = images(2);
if (!first || !second) throw new Error('Expected two images');
const keyOf = ({ hash }: { readonly hash: string }) => `images/${hash}.png`;
const present = new Set([first.hash, second.hash]);
const lost = aSettlement({ outcome: 'WorkerLost' });

describe('findUnrecorded', () => {
  it('finds what an attempt without a record put into the bucket', async () => {
    const bucket = makeFakeBucket({ [keyOf(second)]: 'png' });
    bucket.putBy('jobs/job-1/attempts/00000-1.json', keyOf(first), 'png');
    const found = await findUnrecorded(bucket, { present, records: [], settlements: [lost] });
    expect([...found]).toEqual([[first.hash, lost]]);
  });

  it('leaves out what another job put there', async () => {
    const bucket = makeFakeBucket({ [keyOf(second)]: 'png' });
    bucket.putBy('jobs/job-2/attempts/00000-1.json', keyOf(first), 'png');
    expect((await findUnrecorded(bucket, { present, records: [], settlements: [lost] })).size).toBe(0);
  });

  it('asks only for images of the shard whose attempt is silent', async () => {
    const shard = aShard({ shard: lost.shard, images: [first] });
    const bucket = makeFakeBucket({ [shardKey('job-1', lost.shard)]: JSON.stringify(shard), [keyOf(second)]: 'png' });
    bucket.putBy('jobs/job-1/attempts/00000-1.json', keyOf(first), 'png');
    const attemptOf = vi.spyOn(bucket, 'attemptOf');
    const found = await findUnrecorded(bucket, { present, records: [], settlements: [lost] });
    expect([...found]).toEqual([[first.hash, lost]]);
    expect(attemptOf.mock.calls).toEqual([[keyOf(first)]]);
  });

  it('asks for each image where the file of the shard is gone', async () => {
    const bucket = makeFakeBucket({ [keyOf(second)]: 'png' });
    bucket.putBy('jobs/job-1/attempts/00000-1.json', keyOf(first), 'png');
    const attemptOf = vi.spyOn(bucket, 'attemptOf');
    await findUnrecorded(bucket, { present, records: [], settlements: [lost] });
    expect(attemptOf).toHaveBeenCalledTimes(2);
  });

  it('asks for no image that a record tells of, nor for one that is not there', async () => {
    const bucket = makeFakeBucket();
    bucket.putBy('jobs/job-1/attempts/00000-1.json', keyOf(first), 'png');
    const attemptOf = vi.spyOn(bucket, 'attemptOf');
    const records = [{ ...aRecordOf([first]), attempt: 2 }];
    const known = { present: new Set([first.hash]), records, settlements: [lost] };
    expect((await findUnrecorded(bucket, known)).size).toBe(0);
    const shard = aShard({ shard: lost.shard, images: [first, second] });
    await bucket.write(shardKey('job-1', lost.shard), JSON.stringify(shard));
    expect((await findUnrecorded(bucket, known)).size).toBe(0);
    expect(attemptOf).not.toHaveBeenCalled();
  });

  it('asks for nothing where each attempt left its record', async () => {
    const bucket = { ...makeFakeBucket(), attemptOf: () => Promise.reject(new Error('Expected no call')) };
    const records = [aRecordOf([first])];
    expect((await findUnrecorded(bucket, { present, records, settlements: [aSettlement()] })).size).toBe(0);
  });
});
