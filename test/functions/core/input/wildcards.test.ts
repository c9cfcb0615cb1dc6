import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  drawWildcards,
  parseWildcardList,
  toLot,
  wildcardKey,
  wildcardNames,
} from '../../../../functions/core/input/wildcards.ts';

const lists = new Map([
  ['colour', ['red', 'blue', 'green']],
  ['old-car', ['a Mini']],
  ['empty', []],
]);

describe('wildcardNames', () => {
  it('finds each name once, in all texts', () => {
    expect(wildcardNames(['__a__ and __b-2__', 'x__a__y', 'none', '__90z__'])).toEqual(['a', 'b-2', '90z']);
  });

  it.each(['_a_', '__A__', '__a b__', '__-a__', '__a-__', '____', '__../x__'])('finds none in %j', (text) => {
    expect(wildcardNames([text])).toEqual([]);
  });
});

describe('parseWildcardList', () => {
  it('has one entry a line, without blank lines and notes', () => {
    expect(parseWildcardList(' red \r\n\n# note\nblue # light\n')).toEqual(['red', 'blue # light']);
    expect(parseWildcardList('')).toEqual([]);
  });
});

it('keeps a list in the bucket', () => {
  expect(wildcardKey('old-car')).toBe('wildcards/old-car.txt');
});

describe('drawWildcards', () => {
  it('replaces each wildcard and leaves the rest', () => {
    expect(drawWildcards('in __old-car__, x', lists, '1')).toBe('in a Mini, x');
    expect(drawWildcards('no wildcard', lists, '1')).toBe('no wildcard');
  });

  it('leaves a name without entries as it is', () => {
    expect(drawWildcards('__unknown__ __empty__', lists, '1')).toBe('__unknown__ __empty__');
  });

  it('draws the same for the same seed on every machine', () => {
    const drawn = Array.from({ length: 6 }, (_, seed) => drawWildcards('__colour__', lists, toLot(seed)));
    expect(drawn).toMatchInlineSnapshot(`
      [
        "blue",
        "green",
        "blue",
        "red",
        "green",
        "blue",
      ]
    `);
  });

  it('draws anew at each place', () => {
    const pairs = Array.from({ length: 60 }, (_, seed) => drawWildcards('__colour__ __colour__', lists, toLot(seed)));
    expect(new Set(pairs).size).toBe(9);
  });

  it('draws every entry about as often', () => {
    const counts = Object.groupBy(
      Array.from({ length: 900 }, (_, seed) => drawWildcards('__colour__', lists, toLot(seed))),
      (entry) => entry,
    );
    for (const entry of ['red', 'blue', 'green']) expect(counts[entry]?.length).toBeGreaterThan(240);
  });

  it('draws from the list and nothing else, whatever the seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
        expect(['red', 'blue', 'green']).toContain(drawWildcards('__colour__', lists, toLot(seed)));
      }),
    );
  });
});

describe('toLot', () => {
  const night = (time: string, name = 'nightly') => ({ name, time });
  const draws = (schedule?: Parameters<typeof toLot>[1]) =>
    Array.from({ length: 40 }, (_, seed) => drawWildcards('__colour__ __colour__', lists, toLot(seed, schedule)));

  it('draws another night, and for another schedule, anew', () => {
    const nights = [undefined, night('2026-11-23T22:00:00Z'), night('2026-11-24T22:00:00Z')];
    const all = [...nights, night('2026-11-24T22:00:00Z', 'other')].map((schedule) => draws(schedule).join());
    expect(new Set(all).size).toBe(4);
  });

  it('draws the same for the same night: a retry is the same job', () => {
    const times = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-01-01') });
    fc.assert(
      fc.property(times, fc.nat(), (date, seed) => {
        const time = date.toISOString();
        const draw = () => drawWildcards('__colour__ __colour__ __colour__', lists, toLot(seed, night(time)));
        expect(draw()).toBe(draw());
        expect(toLot(seed, night(time))).not.toBe(toLot(seed + 1, night(time)));
      }),
    );
  });
});
