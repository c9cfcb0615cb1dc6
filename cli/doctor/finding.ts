import type { Answer } from '../../functions/core/market/gap.ts';

/** `problem`: no job could run because of it. `unknown`: it could not be read, which is no verdict. */
export type FindingState = 'ok' | 'warning' | 'problem' | 'unknown';

/** What one check found, and what to do about it. */
export interface Finding {
  readonly name: string;
  readonly state: FindingState;
  readonly says: string;
  readonly fix?: string;
  /** A page of the console of AWS. */
  readonly link?: string;
}

export const canRun = (findings: readonly Finding[]) => findings.every(({ state }) => state !== 'problem');

/** What could not be read is told as that; the rest is judged. */
export function judgeAnswer<T>(
  name: string,
  answer: Answer<T>,
  judge: (value: T) => readonly Finding[],
): readonly Finding[] {
  if (answer.problem === undefined) return judge(answer.value);
  const fix = /AccessDenied|Unauthorized|not authorized/i.test(answer.problem)
    ? 'ask with credentials that may read it'
    : undefined;
  return [{ name, state: 'unknown', says: `could not be read: ${answer.problem}`, ...(fix && { fix }) }];
}
