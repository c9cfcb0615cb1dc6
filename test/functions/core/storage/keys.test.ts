import { expect, it } from 'vitest';
import * as keys from '../../../../functions/core/storage/keys.ts';

it('lays out the bucket as the contract does', () => {
  expect(keys.imageKey('ff')).toBe('images/ff.png');
  expect(keys.thumbnailSizes).toEqual([256, 512]);
  expect(keys.thumbnailKey('ff', 256)).toBe('thumbnails/256/ff.webp');
  expect(keys.jobKey('j', 'receipt.json')).toBe('jobs/j/receipt.json');
  expect(keys.recipesKey('j')).toBe('jobs/j/recipes.jsonl');
  expect(keys.shardKey('j', 7)).toBe('jobs/j/shards/00007.json');
  expect(keys.shardKey('j', 12_345)).toBe('jobs/j/shards/12345.json');
  expect(keys.attemptKey('j', 7, 12)).toBe('jobs/j/attempts/00007-12.json');
  expect(keys.settlementKey('j', 7, 12)).toBe('jobs/j/attempts/00007-12.settled.json');
});

it('knows the keys of shards, which expire', () => {
  expect(keys.isShardKey(keys.shardKey('night-1', 0))).toBe(true);
  const others = [
    keys.attemptKey('night-1', 0, 1),
    keys.jobKey('night-1', 'receipt.json'),
    keys.jobKey('night-1', 'shards'),
    'jobs//shards/00000.json',
    'jobs/night-1/more/shards/00000.json',
    'old/jobs/night-1/shards/00000.json',
    'jobs/shards/00000.json',
  ];
  for (const key of others) expect(keys.isShardKey(key), key).toBe(false);
});

it.each(['a', 'a/b.txt', '../x.txt', 'größer 猫.csv', 'k'.repeat(1024), 'é'.repeat(512)])('takes the key %j', (key) => {
  expect(keys.isObjectKey(key)).toBe(true);
});

it.each(['', '/a', 'a//b', 'a\u0000', 'a\nb', '\ud83d', 'k'.repeat(1025), 'é'.repeat(513)])(
  'refuses the key %j, which S3 or a reader of logs would not take',
  (key) => {
    expect(keys.isObjectKey(key)).toBe(false);
  },
);
