import type { PlaceFlags } from '../grammar/flags.ts';
import { toStateDir } from '../target/local-target.ts';
import { answer } from '../words/answer.ts';
import { canRun } from './finding.ts';
import { findingLines } from './finding-lines.ts';

export interface DoctorFlags extends PlaceFlags {
  readonly color?: boolean;
}

/** `doctor`: what keeps a job from running, and what to do about it. */
export async function doctor({ stack, state, json, color = true }: DoctorFlags): Promise<number> {
  const findings =
    stack === undefined
      ? await (await import('./examine-here.ts')).examineHere(toStateDir({ state }))
      : await (await import('./examine-aws.ts')).examineAws(stack);
  const isReady = canRun(findings);
  const paint = color && process.stdout.isTTY === true;
  answer(json, { canRun: isReady, findings }, findingLines(findings, paint));
  return isReady ? 0 : 1;
}
