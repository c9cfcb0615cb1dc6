import { describe, expect, it } from 'vitest';
import { failureLines } from '../../../cli/words/failure-lines.ts';

describe('a failure for people', () => {
  it('says what to do, by the table of errors', () => {
    expect(failureLines('JobCanceled', 'The execution was stopped.')).toEqual([
      'JobCanceled: The execution was stopped.',
      'To fix: start it again: finished images are not rendered twice.',
    ]);
  });

  it('leaves it at the words of the cause where these say what to do', () => {
    const cause = 'Expected the weights, found none. To fix: import the model.';
    expect(failureLines('WeightsUnavailable', cause)).toEqual([`WeightsUnavailable: ${cause}`]);
  });

  it('takes the blame for what is in no table', () => {
    expect(failureLines('TypeError', 'x is not a function')[1]).toBe('This is a bug of spot-diffusion.');
  });
});
