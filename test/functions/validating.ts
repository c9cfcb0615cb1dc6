import { expect } from 'vitest';
import { InvalidJob, InvalidPrompt } from '../../functions/core/errors.ts';
import { jobSchema } from '../../functions/core/input/job-schema.ts';
import { readRecipes } from '../../functions/core/input/recipes-file.ts';
import { makeValidatePrompts } from '../../functions/validate-prompts.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { startedAt } from '../fakes/builders.ts';
import { makeFakeClaims } from '../fakes/claims.ts';

/** Validate prompts over a bucket with these files. */
export function setUpValidation(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  { defaultModel = 'tiny', claims = makeFakeClaims() } = {},
) {
  const bucket = makeFakeBucket(files);
  const state = makeValidatePrompts({ bucket, claims, defaultModel });
  const validate = (input: unknown) => state({ jobId: 'job-1', startedAt, input });
  /** What the job is refused for; nothing was written by then. */
  const refusal = async (input: unknown): Promise<Error> => {
    const error = await validate(input).then(
      () => new Error('Expected a refusal'),
      (reason) => reason,
    );
    expect(bucket.written).toEqual([]);
    return error;
  };
  return { bucket, validate, refusal };
}

const longestMs = 1000;
/** A Fail state's cause, and far below what Lambda gives back. */
const longestMessage = 32_768;
const unprintable = /[\p{Cc}\p{Cf}\u2028\u2029]|\p{Cs}/u;

/** The whole handler on fakes: a job that later states can read, or an error of the table in one line, within a second. */
export async function judge(
  input: unknown,
  files: Readonly<Record<string, string>> = {},
): Promise<'taken' | 'refused'> {
  const { bucket, validate } = setUpValidation({
    'red.png': Buffer.from([0x89, 0x50, 0x4e, 0x47]),
    'wildcards/colour.txt': 'red\nblue\n<script>',
    'blocklist.txt': 'rule: blocked phrase',
    ...files,
  });
  const began = performance.now();
  try {
    const job = await validate(input);
    expect(jobSchema.parse(JSON.parse(JSON.stringify(job)))).toEqual(job);
    const recipes = await readRecipes(bucket, 'job-1');
    expect(recipes).toHaveLength(job.images);
    for (const { hash, recipe } of recipes) {
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(recipe.prompt.isWellFormed()).toBe(true);
      expect(recipe.prompt).not.toContain('\u0000');
    }
    return 'taken';
  } catch (error) {
    if (!(error instanceof InvalidJob || error instanceof InvalidPrompt)) throw error;
    expect(error.message).toMatch(/Nothing was rendered\.$/);
    expect(error.message).not.toMatch(unprintable);
    expect(error.message.length).toBeLessThan(longestMessage);
    expect(bucket.written).toEqual([]);
    return 'refused';
  } finally {
    expect(performance.now() - began).toBeLessThan(longestMs);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  }
}
