const minute = 60_000;
const dayMinutes = 24 * 60;

const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** How far the hands go forward from one time to the other, over midnight where need be. Minutes. */
const forward = (from: string, to: string) => (minutesOf(to) - minutesOf(from) + dayMinutes) % dayMinutes;

/** Jumped over by a clock that is set forward. One that is set back goes forward by most of a day. */
const isSkipped = (time: string, before: string, now: string) =>
  forward(time, now) < forward(before, now) && forward(before, now) < dayMinutes / 2;

/**
 * The instant of `readyBy`: an ISO time with its zone, or the next HH:MM after `from` on the clock of `timeZone`.
 * Steps through the minutes of a day: a clock that jumps (daylight saving) is followed, not computed.
 * @returns milliseconds since the epoch
 */
export function toDeadline(readyBy: string, timeZone: string, from: Date): number {
  if (readyBy.includes('T')) return Date.parse(readyBy);
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  const start = Math.ceil(from.getTime() / minute) * minute;
  const day = dayMinutes + 60; // the longest one
  let before = clock.format(start - minute);
  for (let at = start; at <= start + day * minute; at += minute) {
    const now = clock.format(at);
    // Of a gap the end.
    if (now === readyBy || isSkipped(readyBy, before, now)) return at;
    before = now;
  }
  return start + day * minute;
}

/** The jobs that AWS Batch can't place are cancelled after ten minutes: what a refusal costs. */
export const refusalSeconds = 600;
