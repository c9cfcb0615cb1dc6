import { describeProblem } from '../../functions/core/market/gap.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';

/** What a client of AWS throws where AWS, or the way to it, says no: no bug of ours. */
const isRefusal = (error: unknown): error is Error =>
  error instanceof Error &&
  ('$metadata' in error || /^(CredentialsProviderError|TokenProviderError|TimeoutError)$/.test(error.name));

const noRegion =
  'Expected a region of AWS, found none. To fix: set `AWS_REGION` to where the stack was deployed (`us-east-1` unless `cdk.json` says otherwise).';

/** Runs a command on a stack: a refusal of AWS is told in a sentence that says what to do. */
export async function onStack<T>(stack: string | undefined, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (stack === undefined) throw error;
    if (error instanceof Error && error.message === 'Region is missing') throw new PlainProblem(noRegion);
    if (!isRefusal(error)) throw error;
    throw new PlainProblem(
      `AWS refused: ${describeProblem(error)}. To fix: \`npm start -- doctor --stack ${stack}\` says what is missing.`,
    );
  }
}
