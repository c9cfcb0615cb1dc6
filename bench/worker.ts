import { join } from 'node:path';
import { python, root, runCommand } from './run-command.ts';

export interface WorkerFigures {
  readonly imagesPerSecond: number;
  /** On a CPU plain diffusers one at a time, on a GPU at its best batch. */
  readonly ratio: number;
  readonly batch1Ratio: number;
  readonly bestBatchRatio: number;
  readonly timeToFirstImageSeconds: number;
  readonly gpuBusyFraction: number | null;
  readonly relativeErrorOneCall: number;
  readonly loadSeconds: number;
  readonly baselineLoadSeconds: number;
  readonly compileSeconds: number;
  readonly breakEvenImages: number | null;
  readonly batch: number;
  readonly baselineBestBatch: number;
  readonly baselineBestBatchImagesPerSecond: number;
  readonly baselineBatch1ImagesPerSecond: number;
  readonly model: string;
  readonly size: string;
  readonly steps: number;
  readonly scheduler: string;
  readonly threads: number;
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * The worker's engine beside plain diffusers, by container/bench: `--model tiny|sd-1.5|sdxl|flux-schnell`,
 * `--random-weights`, `--device cuda|cpu` and what `--help` lists.
 */
export async function benchWorker(args: readonly string[]): Promise<WorkerFigures> {
  const { lastLine } = await runCommand(python, [join(root, 'container', 'bench'), '--json', ...args]);
  return JSON.parse(lastLine);
}
