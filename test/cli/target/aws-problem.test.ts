import { describe, expect, it } from 'vitest';
import { PlainProblem } from '../../../cli/grammar/plain-problem.ts';
import { ask } from '../../../cli/target/ask.ts';
import { onStack } from '../../../cli/target/aws-problem.ts';

const named = (name: string, over: object = {}) => Object.assign(new Error('no\nmore'), { name, ...over });
const fail = (error: Error) => () => Promise.reject(error);

describe('a refusal of AWS', () => {
  it.each([named('AccessDenied', { $metadata: {} }), named('CredentialsProviderError'), named('TimeoutError')])(
    'is a sentence that says where to look: $name',
    async (error) => {
      const run = onStack('mine', fail(error));
      await expect(run).rejects.toThrow(PlainProblem);
      await expect(run).rejects.toThrow(/^AWS refused: \w+: no\. To fix: `npm start -- doctor --stack mine`/);
    },
  );

  it('asks for the region where nobody said one', async () => {
    const run = onStack('mine', fail(new Error('Region is missing')));
    await expect(run).rejects.toThrow(/^Expected a region of AWS, found none. To fix: set `AWS_REGION`/);
  });

  it('is none where it is a bug of ours, or no AWS was asked', async () => {
    await expect(onStack('mine', fail(new TypeError('x')))).rejects.toThrow(TypeError);
    await expect(onStack(undefined, fail(named('AccessDenied', { $metadata: {} })))).rejects.not.toThrow(PlainProblem);
    expect(await onStack('mine', async () => 7)).toBe(7);
  });

  it('is an answer like others where the rest goes on without it', async () => {
    expect(await ask(async () => 7)).toEqual({ value: 7 });
    expect(await ask(fail(named('AccessDenied')))).toEqual({ problem: 'AccessDenied: no' });
    expect(await ask(fail(new PlainProblem('Expected the output `Zones`.')))).toEqual({
      problem: 'Expected the output `Zones`.',
    });
  });
});
