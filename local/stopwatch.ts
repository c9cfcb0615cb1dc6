/** Collects how long the parts of a start took, in milliseconds. */
export interface Stopwatch {
  readonly timings: Record<string, number>;
  time<T>(name: string, work: Promise<T>): Promise<T>;
}

export function makeStopwatch(): Stopwatch {
  const timings: Record<string, number> = {};
  return {
    timings,
    time: async (name, work) => {
      const start = performance.now();
      const result = await work;
      timings[name] = Math.round(performance.now() - start);
      return result;
    },
  };
}
