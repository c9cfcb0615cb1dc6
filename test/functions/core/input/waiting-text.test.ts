import { expect, it } from 'vitest';
import { makeWaitingText } from '../../../../functions/core/input/waiting-text.ts';

it('gives back what was added, in order, in pieces that end where a text did', () => {
  const waiting = makeWaitingText();
  const lines = Array.from({ length: 60_000 }, (_, index) => `${index} a great cat, größer 猫\n`);
  for (const line of lines) waiting.add(line);
  const pieces = [...waiting.pieces()].map(String);
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.every((piece) => piece.endsWith('\n'))).toBe(true);
  expect(pieces.join('')).toBe(lines.join(''));
  expect(waiting.whole().toString()).toBe(lines.join(''));
});

it('gives nothing of nothing, and what is added later too', () => {
  const waiting = makeWaitingText();
  expect([...waiting.pieces(), ...waiting.whole()]).toEqual([]);
  waiting.add('a');
  expect([...waiting.pieces()].map(String)).toEqual(['a']);
  waiting.add('b');
  expect([...waiting.pieces()].map(String)).toEqual(['a', 'b']);
});
