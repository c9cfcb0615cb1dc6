import { toLine } from '../cause.ts';
import type { Verdict } from '../shard/classify-end.ts';
import type { AttemptRecord } from './attempt-record.ts';

/** Longer reasons would let the results of 200 shards pass the 256 KiB of a state. */
const longestReason = 600;

/** The worker's own words say more than its exit code; where Batch knows of another end, both stand. */
export function withWorkersWords(verdict: Verdict, said?: AttemptRecord): Verdict {
  const words = verdict.outcome === 'Succeeded' ? undefined : said?.message;
  const both =
    said?.outcome === verdict.outcome ? words : [verdict.reason, words].filter(Boolean).join('; the worker: ');
  return { ...verdict, reason: toLine(words && both ? both : verdict.reason, longestReason) };
}
