import { errorTable } from '../../functions/core/errors.ts';

/** One line and a hint for an error of the table; anything else is a bug and says so. */
export function failureLines(error: string, cause: string): readonly string[] {
  const remedy = errorTable.find(({ name }) => name === error)?.remedy;
  const said = `${error}: ${cause}`;
  if (remedy === undefined) return [said, 'This is a bug of spot-diffusion.'];
  return cause.includes('To fix: ') ? [said] : [said, `To fix: ${remedy}.`];
}
