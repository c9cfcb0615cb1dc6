import { requeueKey } from '../../functions/core/storage/keys.ts';
import { roundUsd } from '../../functions/core/usd.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import { money } from '../words/amounts.ts';
import type { JobFiles } from './job-files.ts';

/** Of the job's own limit, what the job and those that resumed it left. */
function budgetOf({ jobId, job, spentUsd }: JobFiles): number | undefined {
  if (job?.maxUsd === undefined) return undefined;
  const left = roundUsd(job.maxUsd - spentUsd);
  if (left > 0) return left;
  throw new PlainProblem(
    `Job ${jobId} has spent ${money(spentUsd)} of its \`maxUsd\` of ${money(job.maxUsd)}. To fix: say how much more it may, \`--max-usd\`.`,
  );
}

/** The limits of the job, over them those of the command line. A time that is over binds nobody. */
export function toResumedInput(
  files: JobFiles,
  told: Readonly<Record<string, unknown>>,
  { bucket, now }: { readonly bucket: string; readonly now: number },
) {
  const { maxUsdPerHour, onDemand, sameGpu, notify, readyBy } = files.job ?? {};
  const maxUsd = 'maxUsd' in told ? undefined : budgetOf(files);
  const due = readyBy !== undefined && Date.parse(readyBy) > now ? readyBy : undefined;
  const own = { maxUsd, maxUsdPerHour, onDemand, sameGpu, notify, readyBy: due };
  const promptsFile = `s3://${bucket}/${requeueKey(files.jobId)}`;
  return {
    promptsFile,
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)),
    ...told,
  };
}
