import { type Answer, describeProblem } from '../../functions/core/market/gap.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';

/** What a question to AWS was answered with, or why it was not: what may not be asked must not hide the rest. */
export async function ask<T>(read: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    return { problem: error instanceof PlainProblem ? error.message : describeProblem(error) };
  }
}
