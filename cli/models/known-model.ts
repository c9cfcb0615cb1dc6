import { modelIds } from '../../functions/core/input/models.ts';
import { UsageProblem } from '../grammar/usage-problem.ts';

/** What looks at the pictures of models without a checker of their own; imported like one, draws nothing. */
export const classifier = 'safety-classifier';

/** @throws UsageProblem */
export function checkModelId(id: string, command: string): void {
  const known = [...modelIds.filter((model) => model !== 'tiny'), classifier];
  if (known.includes(id)) return;
  if (id === 'tiny')
    throw new UsageProblem('Expected a model of the hub: `tiny` lies in this repository, and stays there.');
  const names = known.map((name) => `\`${name}\``).join(', ');
  throw new UsageProblem(`Expected \`models ${command}\` with one of ${names}, got \`${id}\`.`);
}
