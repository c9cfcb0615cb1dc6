import { describe, expect, it, vi } from 'vitest';
import { makeFindMissingImages } from '../../functions/find-missing-images.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { aShard, images } from '../fakes/builders.ts';

const key = 'jobs/job-1/shards/00000.json';
const [first, second] = images(3);
const shard = JSON.stringify(aShard());

describe('find-missing-images', () => {
  const find = (files: Readonly<Record<string, string>>) =>
    makeFindMissingImages({ bucket: makeFakeBucket({ [key]: shard, ...files }) })({ key });

  it('counts what the bucket does not hold', async () => {
    expect(await find({})).toEqual({ images: 3, missing: 3 });
    expect(await find({ [`images/${first?.hash}.png`]: 'x', [`images/${second?.hash}.png`]: 'x' })).toEqual({
      images: 3,
      missing: 1,
    });
  });

  it('misses nothing where all is there, whoever made it', async () => {
    const all = Object.fromEntries(images(4).map(({ hash }) => [`images/${hash}.png`, 'x']));
    expect(await find(all)).toEqual({ images: 3, missing: 0 });
  });

  it('asks anew each time: the bucket is the only truth', async () => {
    const bucket = makeFakeBucket({ [key]: shard });
    const state = makeFindMissingImages({ bucket });
    await state({ key });
    await bucket.write(`images/${first?.hash}.png`, 'x');
    expect(await state({ key })).toEqual({ images: 3, missing: 2 });
  });

  it('asks for a whole shard of a new bucket in one request', async () => {
    const many = aShard({ images: images(1000) });
    const bucket = makeFakeBucket({ [key]: JSON.stringify(many) });
    const exists = vi.spyOn(bucket, 'exists');
    const listAfter = vi.spyOn(bucket, 'listAfter');
    expect(await makeFindMissingImages({ bucket })({ key })).toEqual({ images: 1000, missing: 1000 });
    expect(exists).not.toHaveBeenCalled();
    expect(listAfter).toHaveBeenCalledTimes(1);
  });

  it('fails where the shard file is missing or broken', async () => {
    const state = makeFindMissingImages({ bucket: makeFakeBucket({ 'b.json': '{}' }) });
    await expect(state({ key })).rejects.toThrow();
    await expect(state({ key: 'b.json' })).rejects.toThrow();
    await expect(state({})).rejects.toThrow();
  });
});
