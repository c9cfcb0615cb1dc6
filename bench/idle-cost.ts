import { synthesize } from '../test/infra/synth.ts';
import { readFlags } from './flags.ts';
import { computeIdleCost, type IdleCost } from './idle-cost/compute.ts';

/** What the stack costs in a month in which nobody uses it, from the template as it would be deployed. */
export async function benchIdleCost(args: readonly string[]): Promise<IdleCost> {
  const flags = readFlags(args, [], ['golden-ami']);
  return computeIdleCost(synthesize({ goldenAmi: flags.isOn('golden-ami') }));
}
