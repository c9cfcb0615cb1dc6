import { readFlags } from './flags.ts';
import { round } from './numbers.ts';
import { type ColdImports, measureColdImport } from './pick-speed/cold-import.ts';
import { timeDecisions } from './pick-speed/decide.ts';

export interface PickSpeedFigures {
  readonly decision: {
    readonly pools: number;
    /** Rows that EC2 answers: of each pool the price in force, and what changed in the last minutes. */
    readonly pricePoints: number;
    readonly p50Milliseconds: number;
    readonly p90Milliseconds: number;
    readonly firstMilliseconds: number;
  };
  /** By function. */
  readonly coldImport: Readonly<Record<string, ColdImports>>;
}

/** How long a decision takes over drawn prices of all pools, and what importing the Lambda costs beside its SDK. */
export async function benchPickSpeed(args: readonly string[]): Promise<PickSpeedFigures> {
  readFlags(args, []);
  const { points, pools, milliseconds } = await timeDecisions(200);
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const percentile = (share: number) => round(sorted[Math.floor(sorted.length * share)] ?? Number.NaN, 2);
  return {
    decision: {
      pools,
      pricePoints: points,
      p50Milliseconds: percentile(0.5),
      p90Milliseconds: percentile(0.9),
      firstMilliseconds: round(milliseconds[0] ?? Number.NaN, 2),
    },
    coldImport: {
      'pick-spot-pool': await measureColdImport('functions/pick-spot-pool.lambda.ts'),
      'plan-job': await measureColdImport('functions/plan-job.lambda.ts'),
    },
  };
}
