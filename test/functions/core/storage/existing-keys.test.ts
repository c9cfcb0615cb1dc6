import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fewestPerPage, findExistingKeys } from '../../../../functions/core/storage/existing-keys.ts';
import { makeFakeBucket } from '../../../fakes/bucket.ts';

const keyOf = (index: number | string) => `images/${createHash('sha256').update(String(index)).digest('hex')}.png`;
const range = (count: number, from = 0) => Array.from({ length: count }, (_, index) => keyOf(from + index));

interface Setting {
  /** Of those that are asked for. */
  readonly there: readonly string[];
  readonly others?: readonly string[];
  /** Keys of a page at most. */
  readonly page?: number;
}

/** A bucket that counts what it is asked. */
function aBucket({ there, others = [], page = 1000 }: Setting) {
  const fake = makeFakeBucket(Object.fromEntries([...there, ...others].map((key) => [key, ''])));
  const sorted = [...there, ...others].sort();
  const asked = { heads: 0, lists: 0, headsAtOnce: 0 };
  let open = 0;
  return {
    ...fake,
    asked,
    exists: async (key: string) => {
      asked.heads += 1;
      asked.headsAtOnce = Math.max(asked.headsAtOnce, ++open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return fake.exists(key);
    },
    listAfter: async (prefix: string, after: string) => {
      asked.lists += 1;
      const keys = sorted.filter((key) => key.startsWith(prefix) && key > after);
      return { keys: keys.slice(0, page), isLast: keys.length <= page };
    },
  };
}

describe('which keys exist', () => {
  it('takes one list in a bucket that holds no more than a page', async () => {
    const bucket = aBucket({ there: range(300), others: range(100, 5000) });
    expect(await findExistingKeys(bucket, range(800))).toEqual(new Set(range(300)));
    expect(bucket.asked).toMatchObject({ lists: 1, heads: 0 });
  });

  it('takes one list where nothing was ever rendered', async () => {
    const bucket = aBucket({ there: [] });
    expect((await findExistingKeys(bucket, range(1000))).size).toBe(0);
    expect(bucket.asked).toMatchObject({ lists: 1, heads: 0 });
  });

  it('lists a job that is most of its bucket, a thousand keys at a time', async () => {
    const bucket = aBucket({ there: range(20_000), others: range(10_000, 50_000) });
    expect((await findExistingKeys(bucket, range(20_000))).size).toBe(20_000);
    expect(bucket.asked.lists).toBeGreaterThanOrEqual(30);
    expect(bucket.asked.lists).toBeLessThan(30 + 2 * 8);
    expect(bucket.asked.heads).toBeLessThan(8 * fewestPerPage);
  });

  it('gives lists up after the first where nearly all keys are of others: then one HEAD each, 64 at a time', async () => {
    const bucket = aBucket({ there: range(100), others: range(40_000, 50_000) });
    expect(await findExistingKeys(bucket, range(200))).toEqual(new Set(range(100)));
    expect(bucket.asked.lists).toBe(1);
    expect(bucket.asked.heads).toBeGreaterThan(170);
    expect(bucket.asked.headsAtOnce).toBe(64);
  });

  it('asks no list for a few', async () => {
    const bucket = aBucket({ there: range(3) });
    expect(await findExistingKeys(bucket, range(fewestPerPage - 1))).toEqual(new Set(range(3)));
    expect(bucket.asked).toMatchObject({ lists: 0, heads: fewestPerPage - 1 });
  });

  it('asks one list for as many as a page has to answer for', async () => {
    const bucket = aBucket({ there: range(3) });
    expect(await findExistingKeys(bucket, range(fewestPerPage))).toEqual(new Set(range(3)));
    expect(bucket.asked).toMatchObject({ lists: 1, heads: 0 });
  });

  it('asks for a key once, however often it is named', async () => {
    const bucket = aBucket({ there: range(3) });
    await findExistingKeys(bucket, [...range(3), ...range(3)]);
    expect(bucket.asked.heads).toBe(3);
  });

  it('goes on with lists as long as a page answers for enough, eight at a time', async () => {
    const wanted = range(400);
    const exact = aBucket({ there: wanted, page: fewestPerPage });
    expect((await findExistingKeys(exact, wanted)).size).toBe(400);
    expect(exact.asked.heads).toBeLessThan(8 * fewestPerPage);
    const scarce = aBucket({ there: wanted, page: fewestPerPage - 1 });
    expect((await findExistingKeys(scarce, wanted)).size).toBe(400);
    expect(scarce.asked).toMatchObject({ lists: 1, heads: 400 - (fewestPerPage - 1) });
  });

  it('is nothing for nothing', async () => {
    expect((await findExistingKeys(aBucket({ there: range(3) }), [])).size).toBe(0);
  });

  it('believes no page that is empty and not the last', async () => {
    const bucket = aBucket({ there: range(30) });
    const empty = { ...bucket, listAfter: async () => ({ keys: [], isLast: false }) };
    expect((await findExistingKeys(empty, range(40))).size).toBe(30);
  });

  it('finds the same as asking for each, whatever the bucket holds and however long its pages are', async () => {
    const indices = fc.uniqueArray(fc.nat(400), { maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(indices, indices, fc.integer({ min: 1, max: 60 }), async (inBucket, wanted, page) => {
        const there = inBucket.map(keyOf);
        const keys = wanted.map(keyOf);
        const bucket = aBucket({ there, others: range(30, 1000), page });
        expect(await findExistingKeys(bucket, keys)).toEqual(new Set(keys.filter((key) => there.includes(key))));
      }),
      { numRuns: 200 },
    );
  });
});
