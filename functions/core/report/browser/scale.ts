/** Round steps between two times, at most `most` of them. */
const stepsMinutes = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440, 2880];

export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** Marks of an axis of passed time: `0`, `10 min`, `20 min`. Milliseconds. */
export function toTicks(length: number, most: number): readonly Tick[] {
  const seconds = length / 1000;
  const isShort = seconds < 120;
  const steps = isShort ? [1, 2, 5, 10, 15, 30, 60].map((step) => step / 60) : stepsMinutes;
  const step = steps.find((candidate) => seconds / 60 / candidate <= most) ?? seconds / 60;
  const count = Math.floor(seconds / 60 / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => {
    const at = i * step;
    const hours = at >= 60 && step >= 30;
    const text = isShort ? `${Math.round(at * 60)} s` : hours ? `${Number((at / 60).toFixed(1))} h` : `${at} min`;
    return { at: at * 60_000, text: i ? text : '0' };
  });
}
