import { readFlags } from './flags.ts';
import { round } from './numbers.ts';
import { type FairShareFigures, isFair } from './scale/fair-figures.ts';
import { measureFairShare } from './scale/fair-share.ts';
import { type LookupFigures, measureLookups } from './scale/lookups.ts';
import { planScale, type ScalePlan } from './scale/plan.ts';
import { type JobFigures, runJob } from './scale/run-job.ts';
import { openStage, storeInWords } from './scale/stage.ts';
import { validateAlone } from './scale/validate-memory.ts';

export interface ScaleTerms {
  readonly prompts: number;
  /** Stubs at once. */
  readonly workers: number;
  /** Of the Lambda of Validate prompts. */
  readonly memoryMib: number;
  readonly makesThumbnails: boolean;
  /** Images of other jobs in the bucket before. */
  readonly others?: number;
  readonly onLine?: (line: string) => void;
}

export interface ScaleFigures extends JobFigures {
  /** Resident, of Validate prompts alone in a process with Lambda's limits. */
  readonly validateMemoryMiB: number;
  /** Time per image of this run against one of a tenth. */
  readonly linearity: number;
  /** The same of parts of it; that of the CPU alone does not mind who else is on the machine. */
  readonly linearityOf: { readonly cpu: number; readonly validate: number; readonly close: number };
  readonly tenth: JobFigures;
  /** Images of other jobs in the bucket before. */
  readonly others: number;
  readonly store: string;
  readonly thumbnails: string;
  readonly fairShare?: FairShareFigures;
}

/** A job of a tenth, then the whole one, on the same local stack. */
export async function measureScale(terms: ScaleTerms): Promise<ScaleFigures> {
  const { prompts, workers, memoryMib, makesThumbnails, others = 0, onLine = () => {} } = terms;
  const stage = await openStage({ workers, attemptMs: 0, makesThumbnails, others });
  try {
    const tell = (figures: JobFigures) => onLine(`${figures.prompts} prompts: ${figures.seconds} s`);
    // Not counted: it starts the functions.
    await runJob(stage, 'warm-up', 10);
    const tenth = await runJob(stage, 'tenth', Math.ceil(prompts / 10));
    tell(tenth);
    const whole = await runJob(stage, 'whole', prompts);
    tell(whole);
    const input = { promptsFile: `s3://${stage.bucket.name}/prompts/whole.jsonl` };
    const event = { jobId: 'alone', startedAt: new Date().toISOString(), input };
    const alone = await validateAlone({ endpoint: stage.local.endpoint, memoryMib, event });
    const ratio = (of: 'seconds' | 'cpuSeconds' | 'validateSeconds' | 'closeSeconds') =>
      round(whole[of] / prompts / (tenth[of] / tenth.prompts), 2);
    return {
      ...whole,
      validateMemoryMiB: Math.ceil(alone.peakMemoryMiB),
      linearity: ratio('seconds'),
      linearityOf: { cpu: ratio('cpuSeconds'), validate: ratio('validateSeconds'), close: ratio('closeSeconds') },
      tenth,
      others,
      store: storeInWords,
      thumbnails: makesThumbnails ? 'made' : 'come with the image: Make thumbnails only looks for them',
    };
  } finally {
    await stage.close();
  }
}

/** Some rounds of the two instances. */
const nightBatch = { batchImages: 2400, attemptMs: 1500 };

/** What must hold of a job; the memory, of one that an execution can render. */
export const isWithinBounds = (figures: ScaleFigures) =>
  figures.historyEvents < 10_000 &&
  figures.largestPayloadBytes < 64 * 1024 &&
  figures.transitionsUsd < 0.001 &&
  (figures.executions > 1 || figures.validateMemoryMiB < 512) &&
  figures.linearity < 1.3 &&
  (figures.fairShare === undefined || isFair(figures.fairShare));

/**
 * `--prompts`: how many; `--workers`: stubs at once; `--others`: images of other jobs in the bucket, as many as prompts
 * by default; `--thumbnails`: made, not found. `--plan`: the arithmetic of a job of any size; `--lookups`: what looking
 * for an image costs; `--fair`: two jobs under a quota that is full as well. Exit code 1 out of bounds.
 */
export async function benchScale(args: readonly string[]): Promise<ScaleFigures | ScalePlan | LookupFigures> {
  const flags = readFlags(args, ['prompts', 'workers', 'others'], ['thumbnails', 'plan', 'fair', 'lookups']);
  const prompts = flags.number('prompts', 100_000);
  if (flags.isOn('plan')) return planScale(prompts);
  if (flags.isOn('lookups')) return measureLookups();
  const { readValidateMemory } = await import('./scale/stack-memory.ts');
  const job = await measureScale({
    prompts,
    workers: flags.number('workers', 3),
    memoryMib: readValidateMemory(),
    // Equal for the tenth and the whole: how a shard is looked up goes by how much else there is.
    others: flags.number('others', prompts, 0),
    makesThumbnails: flags.isOn('thumbnails'),
    onLine: (line) => process.stderr.write(`${line}\n`),
  });
  const figures = flags.isOn('fair') ? { ...job, fairShare: await measureFairShare(nightBatch) } : job;
  if (!isWithinBounds(figures)) process.exitCode = 1;
  return figures;
}
