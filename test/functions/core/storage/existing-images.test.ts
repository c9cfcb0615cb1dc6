import { expect, it } from 'vitest';
import { findExistingImages } from '../../../../functions/core/storage/existing-images.ts';
import { makeFakeBucket } from '../../../fakes/bucket.ts';
import { images } from '../../../fakes/builders.ts';

it('finds the images that are in the bucket, and those alone', async () => {
  const bucket = makeFakeBucket({ 'images/a.png': 'x', 'images/c.png': '', 'thumbnails/256/b.webp': 'x' });
  expect([...(await findExistingImages(bucket, ['a', 'b', 'c']))].sort()).toEqual(['a', 'c']);
  expect((await findExistingImages(bucket, [])).size).toBe(0);
});

it('finds them in a long list, too', async () => {
  const hashes = images(100).map(({ hash }) => hash);
  const there = hashes.filter((_, index) => index % 3 === 0);
  const files = Object.fromEntries(there.map((hash) => [`images/${hash}.png`, 'x']));
  const bucket = makeFakeBucket({ ...files, 'images/of a person.png': 'x' });
  expect(await findExistingImages(bucket, hashes)).toEqual(new Set(there));
});
