import { describe, expect, it } from 'vitest';
import { remember } from '../../../../functions/core/market/remember.ts';
import { makeFakeClock } from '../../../fakes/clock.ts';

function setUp() {
  const clock = makeFakeClock();
  const asked: (readonly string[])[] = [];
  let fails = false;
  const read = remember(
    async (names: readonly string[]) => {
      asked.push(names);
      if (fails) throw new Error('no');
      return names.length;
    },
    clock,
    600,
  );
  return { clock, asked, read, fail: (value: boolean) => (fails = value) };
}

describe('what is remembered', () => {
  it('is asked for once until its time is over', async () => {
    const { clock, asked, read } = setUp();
    expect([await read(['a']), await read(['a'])]).toEqual([1, 1]);
    clock.advance(599);
    await read(['a']);
    expect(asked).toHaveLength(1);
    clock.advance(1);
    await read(['a']);
    expect(asked).toHaveLength(2);
  });

  it('is kept apart by what was asked', async () => {
    const { asked, read } = setUp();
    expect([await read(['a']), await read(['a', 'b']), await read(['a,b'])]).toEqual([1, 2, 1]);
    expect(asked).toHaveLength(3);
  });

  it('is shared by those who ask at once', async () => {
    const { asked, read } = setUp();
    await Promise.all([read(['a']), read(['a'])]);
    expect(asked).toHaveLength(1);
  });

  it('is no failure: the next one asks again', async () => {
    const { asked, read, fail } = setUp();
    fail(true);
    await expect(read(['a'])).rejects.toThrow('no');
    fail(false);
    expect(await read(['a'])).toBe(1);
    expect(asked).toHaveLength(2);
  });
});
