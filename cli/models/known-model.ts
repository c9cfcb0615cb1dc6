import { modelIds } from '../../functions/core/models.ts';
import { UsageProblem } from '../usage-problem.ts';

/** What looks at the pictures of models without a checker of their own; imported like one, draws nothing. */
export const classifier = 'safety-classifier';

/** @throws UsageProblem */
export function checkModelId(id: string, command: string): void {
  const known = [...modelIds, classifier];
  if (known.includes(id)) return;
  const names = known.map((name) => `\`${name}\``).join(', ');
  throw new UsageProblem(`Expected \`models ${command}\` with one of ${names}, got \`${id}\`.`);
}
