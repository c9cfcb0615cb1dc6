import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeSortedKeys } from '../../../bench/scale/sorted-keys.ts';

const letters = fc.string({ unit: fc.constantFrom('0', 'a', 'f'), minLength: 1, maxLength: 6 });
const key = fc.tuple(fc.constantFrom('images/', 'thumbnails/256/', 'thumbnails/512/'), letters).map(([a, b]) => a + b);
const prefix = fc.constantFrom('', 'images/', 'images/a', 'images/aaaa', 'thumbnails/', 'thumbnails/256/');

it('gives what one sorted list would, however keys and questions alternate', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(key, { maxLength: 60 }),
      fc.array(fc.tuple(prefix, key, fc.integer({ min: 1, max: 12 })), { maxLength: 12 }),
      (keys, questions) => {
        const sorted = makeSortedKeys();
        const added: string[] = [];
        const half = Math.ceil(keys.length / 2);
        for (const part of [keys.slice(0, half), keys.slice(half)]) {
          for (const one of part) sorted.add(one);
          added.push(...part);
          for (const [of, after, most] of questions) {
            const expected = added.filter((one) => one.startsWith(of) && one > after).sort();
            expect(sorted.after(of, after, most)).toEqual(expected.slice(0, most));
          }
        }
      },
    ),
  );
});
