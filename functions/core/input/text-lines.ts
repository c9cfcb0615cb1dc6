/** A line of a text without its end; the first is 1. */
export interface TextLine {
  readonly number: number;
  readonly text: string;
}

/** The lines of a text that comes in pieces, as many at once as a piece ends; a piece may end within one. */
export async function* splitLines(chunks: AsyncIterable<string>): AsyncGenerator<readonly TextLine[]> {
  let number = 0;
  // In pieces: a line of many chunks is put together once.
  let begun: string[] = [];
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf('\n');
    if (end >= 0) {
      const texts = [...begun, chunk.slice(0, end)].join('').split('\n');
      begun = [];
      yield texts.map((text) => ({ number: ++number, text: text.endsWith('\r') ? text.slice(0, -1) : text }));
    }
    begun.push(chunk.slice(end + 1));
  }
  const last = begun.join('');
  if (last !== '') yield [{ number: number + 1, text: last }];
}
