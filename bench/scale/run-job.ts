import type { Receipt } from '../../functions/core/receipt/receipt.ts';
import { receiptKey } from '../../functions/core/storage/keys.ts';
import { round } from '../numbers.ts';
import { type EndedExecutions, finish, start } from './executions.ts';
import { type HistoryFigures, readHistories } from './history.ts';
import type { MeterReading } from './meter.ts';
import { toTransitionsUsd } from './prices.ts';
import { uploadPrompts } from './prompts.ts';
import type { Stage } from './stage.ts';

export interface JobFigures extends HistoryFigures {
  readonly prompts: number;
  readonly delivered: number;
  /** From the start of the execution until its end was seen. */
  readonly seconds: number;
  /** Of a CPU, in functions, router and store; what moto and the stubs take is not counted. */
  readonly cpuSeconds: number;
  /** Of Validate prompts and Close job, all invocations together. */
  readonly validateSeconds: number;
  readonly closeSeconds: number;
  /** Per 1,000 images. */
  readonly transitionsUsd: number;
  readonly s3: MeterReading['s3'];
}

function toFigures(
  prompts: number,
  { histories, seconds }: EndedExecutions,
  { secondsOf, s3 }: MeterReading,
): Omit<JobFigures, 'delivered' | 'cpuSeconds'> {
  const figures = readHistories(histories);
  return {
    prompts,
    ...figures,
    seconds: round(seconds, 1),
    validateSeconds: round(secondsOf['validate-prompts'] ?? 0, 2),
    closeSeconds: round(secondsOf['close-job'] ?? 0, 2),
    transitionsUsd: round((toTransitionsUsd(figures.transitions) / prompts) * 1000, 6),
    s3,
  };
}

/** A job of that many prompts from a file in the bucket to its end, and what it took. */
export async function runJob(stage: Stage, name: string, prompts: number): Promise<JobFigures> {
  const promptsFile = await uploadPrompts(stage.bucket, name, prompts);
  stage.meter.read();
  const before = process.cpuUsage();
  const executionArn = await start(stage, name, { promptsFile });
  const ended = await finish(stage, name, executionArn);
  const { user, system } = process.cpuUsage(before);
  const figures = toFigures(prompts, ended, stage.meter.read());
  const receipt: Receipt = JSON.parse((await stage.bucket.read(receiptKey(name))) ?? 'null');
  const { delivered, reused, images } = receipt;
  if (images !== prompts || delivered !== prompts || reused !== 0) {
    throw new Error(
      `Expected ${prompts} new images, the receipt says ${delivered} of ${images}, ${reused} of them old`,
    );
  }
  return { ...figures, cpuSeconds: round((user + system) / 1e6, 1), delivered };
}
