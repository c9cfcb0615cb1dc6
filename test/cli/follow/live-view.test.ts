import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { makeLiveView } from '../../../cli/follow/live-view.ts';

function aStream(terminal?: { readonly columns: number; readonly rows: number }) {
  let written = '';
  const stream = Object.assign(
    new Writable({
      write: (chunk, _encoding, done) => {
        written += String(chunk);
        done();
      },
    }),
    terminal ? { isTTY: true, ...terminal } : {},
  );
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => written };
}

const step = {
  action: 'sideways',
  waitSeconds: 0,
  outcome: 'SpotInterrupted',
  reason: 'Host EC2',
  pool: 'a/b/spot',
  seconds: 3,
};

describe('the live view', () => {
  it('shows states, attempts and recoveries as plain lines without a terminal', () => {
    const { stream, text } = aStream();
    const view = makeLiveView({ stream, color: false });
    view.show({ kind: 'entered', state: 'Find missing images', shard: 2 });
    view.show({ kind: 'entered', state: 'Anything missing?', shard: 2 });
    view.show({ kind: 'settled', shard: 2, step });
    view.close();
    expect(text()).toBe(
      '> shard 2  Find missing images\n  shard 2  a/b/spot: SpotInterrupted: Host EC2; trying another pool\n',
    );
  });

  it('says what a loss left: nothing that is there is rendered again', () => {
    const { stream, text } = aStream();
    const view = makeLiveView({ stream, color: false });
    view.show({ kind: 'found', shard: 0, images: 5, missing: 5 });
    view.show({ kind: 'found', shard: 0, images: 5, missing: 2 });
    view.show({
      kind: 'settled',
      shard: 0,
      step: { ...step, action: 'wait', waitSeconds: 60, reason: 'No capacity.' },
    });
    expect(text()).toBe(
      '  shard 0  3 of 5 images are there, 2 to render\n  shard 0  a/b/spot: SpotInterrupted: No capacity; looking again in 60 s\n',
    );
  });

  it('writes a plain bar for each tenth of the images, and the last one', () => {
    const { stream, text } = aStream();
    const view = makeLiveView({ stream, color: false });
    for (let done = 0; done <= 100; done++) view.progress(done, 100);
    const lines = text().trim().split('\n');
    expect(lines.length).toBeLessThanOrEqual(11);
    expect(lines.at(-1)).toContain('100/100 images');
  });

  it('keeps one bar below the lines in a terminal', () => {
    const { stream, text } = aStream({ columns: 100, rows: 30 });
    const view = makeLiveView({ stream, color: false });
    view.progress(1, 4);
    view.show({ kind: 'entered', state: 'Settle attempt', shard: 0 });
    expect(text()).toMatch(/1\/4 images[\s\S]*> shard 0 {2}Settle attempt\n[\s\S]*1\/4 images/);
    view.close();
  });

  it('falls back to plain lines in a terminal without a height', () => {
    const { stream, text } = aStream({ columns: 0, rows: 0 });
    makeLiveView({ stream, color: false }).show({ kind: 'entered', state: 'Plan job' });
    expect(text()).toBe('> Plan job\n');
  });
});
