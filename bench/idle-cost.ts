import { synthesize } from '../test/infra/synth.ts';
import { computeIdleCost, type IdleCost } from './idle-cost/compute.ts';

/** What the stack costs in a month in which nobody uses it, from the template as it would be deployed. */
export async function benchIdleCost(args: readonly string[]): Promise<IdleCost> {
  return computeIdleCost(synthesize({ goldenAmi: args.includes('--golden-ami') }));
}
