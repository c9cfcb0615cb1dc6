import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toSpans } from '../../../../functions/core/report/timeline.ts';

const origin = Date.UTC(2026, 10, 23, 22);
const at = (seconds: number) => new Date(origin + seconds * 1000).toISOString();
const line = (over: Partial<Parameters<typeof toSpans>[0]> = {}): Parameters<typeof toSpans>[0] => ({
  createdAt: at(0),
  startedAt: at(300),
  stoppedAt: at(600),
  startSeconds: 210,
  outcome: 'Succeeded',
  phases: { importSeconds: 10, loadSeconds: 50, renderSeconds: 200, uploadSeconds: 5 },
  ...over,
});
const shown = (over: Partial<Parameters<typeof toSpans>[0]> = {}) =>
  toSpans(line(over)).map(({ phase, from, to, reckoned }) => [
    `${phase}${reckoned ? '?' : ''}`,
    (from - origin) / 1000,
    (to - origin) / 1000,
  ]);

describe('toSpans', () => {
  it('reckons boot and pull from what the pick expected, the rest was waiting; then the phases that the worker told', () => {
    expect(shown()).toEqual([
      ['waiting', 0, 90],
      ['booting?', 90, 180],
      ['pulling?', 180, 300],
      ['loading', 300, 360],
      ['rendering', 360, 600],
    ]);
  });

  it('knows when the pull began where an event told when the instance came', () => {
    expect(shown({ wait: { sentence: '', until: at(250) } }).slice(0, 3)).toEqual([
      ['waiting', 0, 160],
      ['booting?', 160, 250],
      ['pulling', 250, 300],
    ]);
  });

  it.each([0, 300, 400])('does not take a wait until %i s for the coming of the instance', (seconds) => {
    expect(shown({ wait: { sentence: '', until: at(seconds) } })[2]).toEqual(['pulling?', 180, 300]);
  });

  it('has no waiting where the container came sooner than expected', () => {
    expect(shown({ startedAt: at(21) }).slice(0, 2)).toEqual([
      ['booting?', 0, 9],
      ['pulling?', 9, 21],
    ]);
  });

  it('loses what came after the last picture of an attempt that was lost', () => {
    expect(shown({ outcome: 'SpotInterrupted' }).slice(-2)).toEqual([
      ['rendering', 360, 565],
      ['lost', 565, 600],
    ]);
  });

  it('loses all of a worker that left no record, and renders where one ended well', () => {
    expect(shown({ outcome: 'WorkerLost', phases: undefined }).at(-1)).toEqual(['lost', 300, 600]);
    expect(shown({ phases: undefined }).at(-1)).toEqual(['rendering', 300, 600]);
  });

  it('only waits where no container started', () => {
    expect(shown({ startedAt: undefined })).toEqual([['waiting', 0, 600]]);
    const until = { sentence: '', until: at(40) };
    expect(shown({ startedAt: undefined, stoppedAt: undefined, wait: until })).toEqual([['waiting', 0, 40]]);
    expect(shown({ startedAt: undefined, stoppedAt: undefined })).toEqual([]);
  });

  it('is empty where Batch told no times, and ends with the container where it told no end', () => {
    expect(shown({ createdAt: undefined })).toEqual([]);
    expect(shown({ stoppedAt: undefined }).at(-1)).toEqual(['pulling?', 180, 300]);
    expect(shown({ stoppedAt: undefined, endedAt: at(400) }).at(-1)).toEqual(['rendering', 360, 400]);
  });

  it('follows one another without a gap, from the submit to the end, whatever the worker told', () => {
    const seconds = fc.integer({ min: 0, max: 900 });
    const phases = fc.record({
      importSeconds: seconds,
      loadSeconds: seconds,
      renderSeconds: seconds,
      uploadSeconds: seconds,
    });
    const given = fc.record({
      startedAt: seconds,
      ran: seconds,
      startSeconds: seconds,
      until: fc.option(seconds),
      lost: fc.boolean(),
      phases: fc.option(phases),
    });
    fc.assert(
      fc.property(given, ({ startedAt, ran, startSeconds, until, lost, phases }) => {
        const spans = toSpans({
          createdAt: at(0),
          startedAt: at(startedAt),
          stoppedAt: at(startedAt + ran),
          startSeconds,
          wait: until === null ? undefined : { sentence: '', until: at(until) },
          outcome: lost ? 'WorkerLost' : 'Succeeded',
          phases: phases ?? undefined,
        });
        let last = origin;
        for (const { from, to } of spans) {
          expect(from).toBeCloseTo(last, 6);
          expect(to).toBeGreaterThan(from);
          last = to;
        }
        expect(last).toBeCloseTo(origin + (startedAt + ran) * 1000, 6);
      }),
    );
  });
});
