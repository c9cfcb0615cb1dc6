import { expect, it } from 'vitest';
import { findExistingImages } from '../../../functions/core/existing-images.ts';
import { makeFakeBucket } from '../../fakes/bucket.ts';

it('finds the images that are in the bucket, and those alone', async () => {
  const bucket = makeFakeBucket({ 'images/a.png': 'x', 'images/c.png': '', 'thumbnails/256/b.webp': 'x' });
  expect([...(await findExistingImages(bucket, ['a', 'b', 'c']))].sort()).toEqual(['a', 'c']);
  expect((await findExistingImages(bucket, [])).size).toBe(0);
});

it('asks 64 at a time', async () => {
  let open = 0;
  let most = 0;
  const bucket = {
    ...makeFakeBucket(),
    exists: async () => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return true;
    },
  };
  const hashes = Array.from({ length: 200 }, (_, index) => `h${index}`);
  expect((await findExistingImages(bucket, hashes)).size).toBe(200);
  expect(most).toBe(64);
});
