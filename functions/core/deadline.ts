const minute = 60_000;

/**
 * The instant of `readyBy`: an ISO time with its zone, or the next HH:MM after `from` on the clock of `timeZone`.
 * Steps through the minutes of a day: a clock that jumps (daylight saving) is followed, not computed.
 * @returns milliseconds since the epoch
 */
export function toDeadline(readyBy: string, timeZone: string, from: Date): number {
  if (readyBy.includes('T')) return Date.parse(readyBy);
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  const start = Math.ceil(from.getTime() / minute) * minute;
  for (let at = start; at <= start + 25 * 60 * minute; at += minute) {
    if (clock.format(at) === readyBy) return at;
  }
  return start + 24 * 60 * minute; // a minute that the clock skipped on this day
}

/** Spot is too slow once the slack is less than one more attempt: the work again, with its start. */
export function isUrgent(deadline: number | undefined, now: number, secondsLeft: number): boolean {
  return deadline !== undefined && deadline - now < 2 * secondsLeft * 1000;
}
