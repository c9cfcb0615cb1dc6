import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maySpot, type Slack, waitOrOnDemand } from '../../../../functions/core/pick/spot-or-on-demand.ts';

const hours = (count: number) => count * 3600;
const aSlack = (over: Partial<Slack> = {}): Slack => ({
  workSeconds: hours(6),
  untilDeadline: hours(9),
  startSeconds: 360,
  wastedSeconds: 600,
  ...over,
});

describe('the choice between Spot and on-demand', () => {
  it('waits while 15 % of the work and the wait itself are left as slack', () => {
    const kept = 0.15 * hours(6);
    expect(waitOrOnDemand(aSlack(), 200)).toBe('wait');
    expect(waitOrOnDemand(aSlack({ untilDeadline: hours(6) + kept + 200 }), 200)).toBe('wait');
    expect(waitOrOnDemand(aSlack({ untilDeadline: hours(6) + kept + 199 }), 200)).toBe('on-demand');
  });

  it('keeps a start and a wasted Spot attempt where the work is short', () => {
    const short = { workSeconds: 600 };
    expect(waitOrOnDemand(aSlack({ ...short, untilDeadline: 600 + 960 + 60 }), 60)).toBe('wait');
    expect(waitOrOnDemand(aSlack({ ...short, untilDeadline: 600 + 959 + 60 }), 60)).toBe('on-demand');
  });

  it('tries Spot while an attempt that it wastes and a start on demand still fit', () => {
    expect(maySpot(aSlack({ untilDeadline: hours(6) + 960 }))).toBe(true);
    expect(maySpot(aSlack({ untilDeadline: hours(6) + 959 }))).toBe(false);
  });

  it('never waits so long that on-demand would be late', () => {
    const seconds = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(
        seconds,
        seconds,
        seconds,
        seconds,
        seconds,
        (workSeconds, untilDeadline, startSeconds, wasted, wait) => {
          const slack = { workSeconds, untilDeadline, startSeconds, wastedSeconds: wasted };
          fc.pre(waitOrOnDemand(slack, wait) === 'wait');
          expect(untilDeadline - wait).toBeGreaterThanOrEqual(startSeconds + workSeconds);
          expect(maySpot({ ...slack, untilDeadline: untilDeadline - wait })).toBe(true);
        },
      ),
    );
  });
});
