import { describe, expect, it } from 'vitest';
import { makeMakeThumbnails } from '../../functions/make-thumbnails.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { aShard, images } from '../fakes/builders.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { fakePictures } from '../fakes/pictures.ts';

const key = 'jobs/job-1/shards/00000.json';
const none = { count: 0, examples: [] };
const imageKey = (hash: string | undefined) => `images/${hash}.png`;

function setUp(count: number, budgetSeconds = 600, secondsPerLook = 0, sources: Readonly<Record<string, string>> = {}) {
  const shard = aShard({ images: images(count) });
  const pictures = Object.fromEntries(shard.images.map(({ hash }, index) => [imageKey(hash), `image ${index}`]));
  const bucket = makeFakeBucket({ [key]: JSON.stringify(shard), ...pictures, ...sources });
  const clock = makeFakeClock('2026-11-23T22:00:00Z', secondsPerLook);
  return {
    bucket,
    hashes: shard.images.map(({ hash }) => hash),
    run: makeMakeThumbnails({ bucket, clock, pictures: fakePictures, budgetSeconds }),
  };
}

describe('make-thumbnails', () => {
  it('makes both sizes of every image', async () => {
    const { bucket, hashes, run } = setUp(3);
    expect(await run({ key, cursor: 0 })).toEqual({ cursor: 3, finished: true, unreadable: none });
    for (const [index, hash] of hashes.entries()) {
      expect(await bucket.read(`thumbnails/256/${hash}.webp`)).toBe(`256 of image ${index}`);
      expect(await bucket.read(`thumbnails/512/${hash}.webp`)).toBe(`512 of image ${index}`);
    }
  });

  it('writes the small one last: its presence says that both are there', async () => {
    const { bucket, hashes, run } = setUp(1);
    await run({ key, cursor: 0 });
    expect(bucket.written).toEqual([`thumbnails/512/${hashes[0]}.webp`, `thumbnails/256/${hashes[0]}.webp`]);
  });

  it('makes none again', async () => {
    const { bucket, run } = setUp(3);
    await run({ key, cursor: 0 });
    expect(await run({ key, cursor: 0 })).toEqual({ cursor: 3, finished: true, unreadable: none });
    expect(bucket.written).toHaveLength(6);
  });

  it('goes on with those that are missing, of many that are there', async () => {
    const { bucket, hashes, run } = setUp(40);
    for (const hash of hashes.slice(0, 38)) await bucket.write(`thumbnails/256/${hash}.webp`, 'there');
    await run({ key, cursor: 0 });
    expect(bucket.written.slice(38)).toHaveLength(4);
    expect(await bucket.read(`thumbnails/512/${hashes[39]}.webp`)).toBe('512 of image 39');
  });

  it('makes both again where only the large one is there', async () => {
    const { bucket, hashes, run } = setUp(1);
    await bucket.write(`thumbnails/512/${hashes[0]}.webp`, 'half done');
    await run({ key, cursor: 0 });
    expect(await bucket.read(`thumbnails/512/${hashes[0]}.webp`)).toBe('512 of image 0');
  });

  it('passes over an image that is missing', async () => {
    const { bucket, hashes, run } = setUp(2);
    bucket.delete(imageKey(hashes[0]));
    expect(await run({ key, cursor: 0 })).toEqual({ cursor: 2, finished: true, unreadable: none });
    expect(bucket.written).toHaveLength(2);
  });

  it('names an image that is no picture and goes on', async () => {
    const hash = images(2)[0]?.hash;
    const { run } = setUp(2, 600, 0, { [imageKey(hash)]: 'corrupt' });
    expect(await run({ key, cursor: 0 })).toEqual({
      cursor: 2,
      finished: true,
      unreadable: { count: 1, examples: [`images/${hash}.png: Input buffer contains unsupported image format`] },
    });
  });

  it('counts all images that are no pictures and names the first three', async () => {
    const sources = Object.fromEntries(images(5).map(({ hash }) => [imageKey(hash), 'corrupt']));
    const { unreadable, finished } = await setUp(6, 600, 0, sources).run({ key, cursor: 0 });
    expect(finished).toBe(true);
    expect(unreadable.count).toBe(5);
    expect(unreadable.examples.map((text) => text.split(':')[0])).toEqual(images(3).map(({ hash }) => imageKey(hash)));
  });

  it('fails where the bucket does: that is no fault of the picture', async () => {
    const { bucket, run } = setUp(1);
    bucket.readBytes = () => Promise.reject(new Error('SlowDown'));
    await expect(run({ key, cursor: 0 })).rejects.toThrow('SlowDown');
  });

  it('stops when its time is over and says where to go on', async () => {
    // Every look at the clock takes 5 s: the deadline is set at 0 s, looked at after 5 and 10 s.
    const { bucket, run } = setUp(40, 8, 5);
    expect(await run({ key, cursor: 0 })).toEqual({ cursor: 16, finished: false, unreadable: none });
    expect(bucket.written).toHaveLength(32);
    expect(await run({ key, cursor: 16 })).toEqual({ cursor: 32, finished: false, unreadable: none });
    expect(await run({ key, cursor: 32 })).toEqual({ cursor: 40, finished: true, unreadable: none });
    expect(bucket.written).toHaveLength(80);
  });

  it('is finished at the end of the shard, even past its time', async () => {
    const { run } = setUp(3, 0);
    expect(await run({ key, cursor: 3 })).toEqual({ cursor: 3, finished: true, unreadable: none });
    expect(await run({ key, cursor: 0 })).toEqual({ cursor: 0, finished: false, unreadable: none });
  });

  it.each([{ key }, { key, cursor: -1 }, { cursor: 0 }, { key: 'jobs/none.json', cursor: 0 }])(
    'fails for %j',
    async (event) => {
      await expect(setUp(1).run(event)).rejects.toThrow();
    },
  );
});
