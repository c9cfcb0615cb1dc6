import { measureColdImport } from './pick-speed/cold-import.ts';
import { timeDecisions } from './pick-speed/decide.ts';

const percentile = (numbers: readonly number[], share: number) =>
  Number((numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)] ?? Number.NaN).toFixed(2));

/** How long a decision takes over 90 days of prices of 50 pools, and what importing the Lambda costs beside its SDK. */
export async function benchPickSpeed() {
  const { points, pools, milliseconds } = await timeDecisions(200);
  return {
    decision: {
      pools,
      pricePoints: points,
      p50Milliseconds: percentile(milliseconds, 0.5),
      p90Milliseconds: percentile(milliseconds, 0.9),
      firstMilliseconds: percentile(milliseconds.slice(0, 1), 0),
    },
    coldImport: {
      'pick-spot-pool': await measureColdImport('functions/pick-spot-pool.lambda.ts'),
      'plan-job': await measureColdImport('functions/plan-job.lambda.ts'),
    },
  };
}
