import { expect } from 'vitest';
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
