import type { Clock } from '../../functions/core/clock.ts';

export interface FakeClock extends Clock {
  advance(seconds: number): void;
}

/** Stands still unless told; `secondsPerLook` lets it go on at every look. */
export function makeFakeClock(iso = '2026-11-23T22:00:00.000Z', secondsPerLook = 0): FakeClock {
  let now = Date.parse(iso);
  if (Number.isNaN(now)) throw new TypeError(`Expected an ISO time, got \`${iso}\``);
  return {
    now: () => {
      const before = now;
      now += secondsPerLook * 1000;
      return before;
    },
    advance: (seconds) => {
      if (seconds < 0) throw new TypeError('Expected a clock to go forward');
      now += seconds * 1000;
    },
  };
}
