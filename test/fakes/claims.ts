import type { Claims } from '../../functions/core/input/claims.ts';

/** @param held jobs that took a time before, by `<schedule> <time>` */
export function makeFakeClaims(held: Readonly<Record<string, string>> = {}): Claims {
  const holders = new Map(Object.entries(held));
  return {
    claim: async ({ schedule, time, jobId }) => {
      if (!schedule || !time || !jobId) throw new TypeError('Expected a schedule, a time and a job');
      const key = `${schedule} ${time}`;
      const holder = holders.get(key) ?? jobId;
      holders.set(key, holder);
      return holder;
    },
  };
}
