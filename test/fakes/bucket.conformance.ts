import { describe, expect, it } from 'vitest';
import type { Bucket } from '../../functions/core/storage/bucket.ts';

/** What every Bucket does. @param make an empty bucket, or one that no other test writes below the same prefix */
export function bucketConformance(make: () => Bucket | Promise<Bucket>): void {
  describe('as a Bucket', () => {
    it('has nothing where nothing was written', async () => {
      const bucket = await make();
      expect(await bucket.read('nothing/here.txt')).toBeUndefined();
      expect(await bucket.readBytes('nothing/here.txt')).toBeUndefined();
      expect(await bucket.exists('nothing/here.txt')).toBe(false);
      expect(await bucket.list('nothing/')).toEqual([]);
    });

    it('gives a text back as it was, beyond ASCII too', async () => {
      const bucket = await make();
      await bucket.write('texts/a.txt', 'größer 猫 🐈\n');
      expect(await bucket.read('texts/a.txt')).toBe('größer 猫 🐈\n');
      expect(await bucket.exists('texts/a.txt')).toBe(true);
    });

    it('gives a long text back at once and in pieces, beyond ASCII, with its byte order mark', async () => {
      const bucket = await make();
      const text = `\uFEFF${'größer 猫 🐈\n'.repeat(20_000)}`;
      await bucket.write('texts/long.txt', text);
      expect(await bucket.read('texts/long.txt')).toBe(text);
      const chunks: string[] = [];
      for await (const chunk of (await bucket.readChunks('texts/long.txt')) ?? []) chunks.push(chunk);
      expect(chunks.join('')).toBe(text);
      expect(chunks.length).toBeGreaterThan(1);
      expect(await bucket.readChunks('texts/none.txt')).toBeUndefined();
    });

    it('gives what is no UTF-8 as replacement characters, in pieces as at once', async () => {
      const bucket = await make();
      await bucket.write('texts/latin1.txt', Uint8Array.of(97, 0xfc, 98, 0xe7, 0x8c));
      const chunks: string[] = [];
      for await (const chunk of (await bucket.readChunks('texts/latin1.txt')) ?? []) chunks.push(chunk);
      expect(chunks.join('')).toBe(await bucket.read('texts/latin1.txt'));
    });

    it('gives bytes back as they were, those that are no UTF-8 too', async () => {
      const bucket = await make();
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      await bucket.write('bytes/a.png', bytes);
      expect([...((await bucket.readBytes('bytes/a.png')) ?? [])]).toEqual([...bytes]);
    });

    it('gives the first bytes of an object, as many as are wanted or as there are', async () => {
      const bucket = await make();
      await bucket.write('bytes/b.png', Uint8Array.of(1, 2, 3));
      await bucket.write('bytes/none.png', '');
      const read = async (key: string, most: number) => [...((await bucket.readBytes(key, most)) ?? ['nothing'])];
      expect(await read('bytes/b.png', 2)).toEqual([1, 2]);
      expect(await read('bytes/b.png', 3)).toEqual([1, 2, 3]);
      expect(await read('bytes/b.png', 9)).toEqual([1, 2, 3]);
      expect(await read('bytes/none.png', 9)).toEqual([]);
      expect(await read('bytes/no-such.png', 9)).toEqual(['nothing']);
    });

    it('knows an empty object from no object', async () => {
      const bucket = await make();
      await bucket.write('empty/a.txt', '');
      expect(await bucket.read('empty/a.txt')).toBe('');
      expect((await bucket.readBytes('empty/a.txt'))?.length).toBe(0);
      expect(await bucket.exists('empty/a.txt')).toBe(true);
    });

    it('replaces what a second write gives', async () => {
      const bucket = await make();
      await bucket.write('twice/a.txt', 'first');
      await bucket.write('twice/a.txt', 'second');
      expect(await bucket.read('twice/a.txt')).toBe('second');
    });

    it('keeps the first of two conditional writes and says so', async () => {
      const bucket = await make();
      expect(await bucket.writeOnce('once/a.json', 'first')).toBe(true);
      expect(await bucket.writeOnce('once/a.json', 'second')).toBe(false);
      expect(await bucket.read('once/a.json')).toBe('first');
    });

    it('refuses a conditional write over a plain one', async () => {
      const bucket = await make();
      await bucket.write('once/b.json', 'first');
      expect(await bucket.writeOnce('once/b.json', 'second')).toBe(false);
      expect(await bucket.read('once/b.json')).toBe('first');
    });

    it('lets exactly one of many conditional writers win', async () => {
      const bucket = await make();
      const writers = Array.from({ length: 8 }, (_, index) => bucket.writeOnce('once/race.json', `writer ${index}`));
      expect((await Promise.all(writers)).filter(Boolean)).toHaveLength(1);
    });

    it('lists whole keys below a prefix, in order, nothing else', async () => {
      const bucket = await make();
      for (const key of ['list/b.txt', 'list/a.txt', 'list/deep/c.txt', 'listless/d.txt']) await bucket.write(key, key);
      expect(await bucket.list('list/')).toEqual(['list/a.txt', 'list/b.txt', 'list/deep/c.txt']);
    });

    it('lists what comes after a key, whether that key is there or not', async () => {
      const bucket = await make();
      for (const key of ['after/b.txt', 'after/d.txt', 'after/f.txt', 'afterwards/a.txt']) await bucket.write(key, key);
      const all = { keys: ['after/b.txt', 'after/d.txt', 'after/f.txt'], isLast: true };
      expect(await bucket.listAfter('after/', '')).toEqual(all);
      expect(await bucket.listAfter('after/', 'after/b.tx')).toEqual(all);
      expect(await bucket.listAfter('after/', 'after/b.txt')).toEqual({ ...all, keys: ['after/d.txt', 'after/f.txt'] });
      expect(await bucket.listAfter('after/', 'after/c.txt')).toEqual({ ...all, keys: ['after/d.txt', 'after/f.txt'] });
      expect(await bucket.listAfter('after/', 'after/f.txt')).toEqual({ keys: [], isLast: true });
    });

    it('knows no attempt behind an object that no worker put', async () => {
      const bucket = await make();
      await bucket.write('plain/a.png', 'x');
      expect(await bucket.attemptOf('plain/a.png')).toBeUndefined();
    });

    it('goes by exact key: no object is found by a part of its name', async () => {
      const bucket = await make();
      await bucket.write('exact/ab.txt', 'x');
      expect(await bucket.exists('exact/a')).toBe(false);
      expect(await bucket.read('exact/')).toBeUndefined();
    });
  });
}
