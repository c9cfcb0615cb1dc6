import { expect, it } from 'vitest';
import { splitLines } from '../../../../functions/core/input/text-lines.ts';
import { collect, inChunks } from '../../../fakes/chunks.ts';

const split = async (text: string, length: number) => (await collect(splitLines(inChunks(text, length)))).flat();

it.each([1, 2, 3, 100])('numbers the lines, whatever their ends, in pieces of %d', async (length) => {
  expect(await split('a\r\n\nb c\n\r\nlast', length)).toEqual([
    { number: 1, text: 'a' },
    { number: 2, text: '' },
    { number: 3, text: 'b c' },
    { number: 4, text: '' },
    { number: 5, text: 'last' },
  ]);
  expect(await split('', length)).toEqual([]);
  expect(await split('a\n', length)).toEqual([{ number: 1, text: 'a' }]);
});

it('puts a line of many pieces together once: no time of the square of its length', async () => {
  const started = performance.now();
  const [line] = await split('x'.repeat(20_000_000), 1000);
  expect(line?.text).toHaveLength(20_000_000);
  expect(performance.now() - started).toBeLessThan(5000);
});
