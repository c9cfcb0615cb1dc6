import type { Wait, Waits } from '../../functions/core/wait/waits.ts';

export function makeFakeWaits(): Waits {
  const waits = new Map<string, Wait>();
  const keyOf = (jobId: string, jobName: string) => {
    if (!jobId || !jobName) throw new TypeError('Expected a job and an attempt');
    return `${jobId} ${jobName}`;
  };
  return {
    find: async (jobId, jobName) => waits.get(keyOf(jobId, jobName)),
    write: async (wait) => {
      const key = keyOf(wait.jobId, wait.jobName);
      if (waits.get(key)?.until !== undefined) return false;
      waits.set(key, { ...wait });
      return true;
    },
  };
}
