import { createHash } from 'node:crypto';
import type { Scheduled } from './scheduled.ts';

/** `__colour__`: one line of the list `wildcards/colour.txt`. Names have 64 characters at most: they are part of a key. */
const wildcard = /__([a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?)__/g;

export type WildcardLists = ReadonlyMap<string, readonly string[]>;

export const wildcardKey = (name: string) => `wildcards/${name}.txt`;

export function wildcardNames(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(wildcard)].flatMap((match) => match[1] ?? [])))];
}

/** One entry a line; blank lines and lines that begin with `#` are passed over. */
export function parseWildcardList(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/**
 * What an image's wildcards are drawn by: its seed, and for a schedule the night, so that another night draws anew and the
 * same night, tried again, is the same job and no second bill.
 */
export const toLot = (seed: number, scheduled?: Scheduled) =>
  scheduled ? `${seed} ${scheduled.name} ${scheduled.time}` : String(seed);

/** The same text, place and lot draw the same entry, on every machine. */
function draw(list: readonly string[], lot: string, place: number): string {
  const number = createHash('sha256').update(`${lot} ${place}`).digest().readUInt32BE(0);
  return list[number % list.length] ?? '';
}

/** Replaces each wildcard by an entry of its list, drawn by the image's lot. Names without a list stay as they are. */
export function drawWildcards(text: string, lists: WildcardLists, lot: string): string {
  let place = 0;
  return text.replaceAll(wildcard, (whole, name: string) => {
    const list = lists.get(name);
    place += 1;
    return list?.length ? draw(list, lot, place) : whole;
  });
}
