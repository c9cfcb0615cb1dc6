import { join } from 'node:path';
import { planStorm } from './drills/plan.ts';
import { passStorm } from './drills/storm.ts';
import { type StormFigures, verify } from './drills/verify.ts';
import { readFlags } from './flags.ts';
import { root } from './run-command.ts';

export interface StormTerms {
  readonly seed: number;
  readonly faults: number;
  readonly images: number;
  /** Images of a job. */
  readonly each: number;
  readonly workers: number;
  readonly workerCommand?: readonly string[];
  readonly onLine?: (line: string) => void;
}

/** The local workflow under a storm, and what is left of it. */
export async function rehearse(terms: StormTerms): Promise<StormFigures> {
  const { onLine = () => {} } = terms;
  const plan = planStorm(terms);
  const passed = await passStorm({ ...terms, plan, onLine });
  try {
    return await verify(passed, terms.seed);
  } finally {
    await passed.stage.close();
  }
}

/** What must not be, in a storm. */
export const isUnharmed = (figures: StormFigures) =>
  figures.lost === 0 &&
  figures.duplicated === 0 &&
  figures.orphans === 0 &&
  figures.wrongStatus === 0 &&
  figures.renderedTwice <= figures.allowedTwice;

export const fakeWorker = [process.execPath, join(root, 'test', 'machine', 'fake-worker.ts')];

/**
 * `--seed`, `--faults`, `--images`: the storm; `--each`: images of a job; `--workers`: at once. `--worker fake`: squares
 * in place of the tiny model. Exit code 1 where an image is lost, doubled, orphaned or wrongly reported.
 */
export async function benchDrills(args: readonly string[]): Promise<StormFigures> {
  const flags = readFlags(args, ['seed', 'faults', 'images', 'each', 'workers', 'worker']);
  const figures = await rehearse({
    seed: flags.number('seed', 1),
    faults: flags.number('faults', 200),
    images: flags.number('images', 300),
    each: flags.number('each', 12),
    workers: flags.number('workers', 3),
    workerCommand: flags.text('worker') === 'fake' ? fakeWorker : undefined,
    onLine: (line) => process.stderr.write(`${line}\n`),
  });
  if (!isUnharmed(figures)) process.exitCode = 1;
  return figures;
}
