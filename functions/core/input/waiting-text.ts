import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Characters that are deflated at once: in megabytes, garbage waits long to be collected (measured: 380 MB instead of 280). */
const blockLength = 1 << 16;

/**
 * Text that is written once all of a job is found right, and kept deflated until then: the recipes of a million prompts
 * are 500 MB that are much alike.
 */
export interface WaitingText {
  add(text: string): void;
  /** All of it, in pieces that end where an `add` did. */
  pieces(): Generator<Buffer>;
  /** All of it at once, in memory once. */
  whole(): Buffer;
}

export function makeWaitingText(): WaitingText {
  const blocks: Buffer[] = [];
  let texts: string[] = [];
  let length = 0;
  let bytes = 0;
  const close = () => {
    if (!texts.length) return;
    const block = Buffer.from(texts.join(''));
    blocks.push(deflateRawSync(block, { level: 1 }));
    bytes += block.length;
    texts = [];
    length = 0;
  };
  function* pieces(): Generator<Buffer> {
    close();
    for (const block of blocks) yield inflateRawSync(block);
  }
  return {
    add: (text) => {
      if (text === '') return;
      texts.push(text);
      length += text.length;
      if (length >= blockLength) close();
    },
    pieces,
    whole: () => {
      close();
      const all = Buffer.allocUnsafe(bytes);
      let at = 0;
      for (const piece of pieces()) at += piece.copy(all, at);
      return all;
    },
  };
}
