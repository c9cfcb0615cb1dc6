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
  const day = 24 * 60 + 60; // the longest one
  let before = clock.format(start - minute);
  for (let at = start; at <= start + day * minute; at += minute) {
    const now = clock.format(at);
    // Reached, or jumped over by a clock that is set forward: then the end of the gap.
    if (now === readyBy || (before < readyBy && readyBy < now)) return at;
    before = now;
  }
  return start + day * minute;
}

/** The jobs that AWS Batch can't place are cancelled after ten minutes: what a refusal costs. */
export const refusalSeconds = 600;
