import { describe, expect, it } from 'vitest';
import * as errors from '../../../functions/core/errors.ts';

const { errorTable, errorOfExitCode, isErrorName } = errors;
const names = Object.keys(errors).filter((name) => /^[A-Z]/.test(name));

describe('the error table', () => {
  it('holds the names of the design, in its order', () => {
    expect(errorTable.map((entry) => entry.name)).toEqual([
      'InvalidPrompt',
      'InvalidJob',
      'BudgetExceeded',
      'NoEligiblePool',
      'NoSpotCapacity',
      'WorkerNeverStarted',
      'SpotInterrupted',
      'WorkerLost',
      'GpuOutOfMemory',
      'WeightsUnavailable',
      'GenerationFailed',
      'JobCanceled',
      'ServiceUnavailable',
    ]);
  });

  it('has names that are unique facts and never those of Step Functions', () => {
    for (const { name } of errorTable) expect(name).toMatch(/^(?!States\.)[A-Z][A-Za-z]+(?<!Error)$/);
    expect(new Set(errorTable.map((entry) => entry.name)).size).toBe(errorTable.length);
  });

  it.each(names)('class %s carries its name as a literal that is in the table', (name) => {
    const error: unknown = Reflect.construct(Reflect.get(errors, name), ['why']);
    if (!(error instanceof Error)) throw new TypeError('Expected an error');
    expect(error.name).toBe(name);
    expect(Object.hasOwn(error, 'name')).toBe(true);
    expect(error.message).toBe('why');
    expect(isErrorName(error.name)).toBe(true);
  });

  it('has the six classes that functions throw', () => {
    expect(names.toSorted()).toEqual([
      'BudgetExceeded',
      'InvalidJob',
      'InvalidPrompt',
      'NoEligiblePool',
      'NoSpotCapacity',
      'ServiceUnavailable',
    ]);
  });

  it.each([
    [80, 'SpotInterrupted'],
    [81, 'GpuOutOfMemory'],
    [82, 'WeightsUnavailable'],
    [83, 'GenerationFailed'],
    [84, 'InvalidJob'],
    [85, 'JobCanceled'],
    [86, 'WorkerNeverStarted'],
    [87, 'WorkerLost'],
  ])('reads exit code %i as %s', (code, name) => {
    expect(errorOfExitCode(code)).toBe(name);
  });

  it.each([0, 1, 79, 89, 137, 143])('knows no error of exit code %i', (code) => {
    expect(errorOfExitCode(code)).toBeUndefined();
  });

  it('says for each error what it means and what to do', () => {
    for (const entry of errorTable) {
      expect(entry.means).toMatch(/\S/);
      expect(entry.remedy).toMatch(/\S/);
    }
  });

  it.each(['States.Timeout', 'Batch.AWSBatchException', '', 'invalidprompt', 'Error'])('does not know %j', (name) => {
    expect(isErrorName(name)).toBe(false);
  });
});
