import { synthesize } from '../../test/infra/synth.ts';
import { ofType, readTemplate, valueAt } from '../idle-cost/template.ts';

/** MiB that the stack gives Validate prompts. */
export function readValidateMemory(): number {
  const functions = ofType(readTemplate(synthesize({})), 'AWS::Lambda::Function');
  const found = functions.find((resource) => valueAt(resource, 'FunctionName') === 'spot-diffusion-validate-prompts');
  return Number(found && valueAt(found, 'MemorySize'));
}
