import { describe, expect, it } from 'vitest';
import { BudgetExceeded } from '../../../functions/core/errors.ts';
import { nameTrouble } from '../../../functions/core/service-trouble.ts';

const sdkError = (name: string, status: number | undefined, more: object = {}) =>
  Object.assign(new Error('told by AWS'), { name, $metadata: { httpStatusCode: status, attempts: 3 }, ...more });

describe('nameTrouble', () => {
  it.each([
    ['SlowDown', 503],
    ['InternalError', 500],
    ['503', 503],
    ['TooManyRequestsException', 400],
    ['Unnamed', 429],
    ['ThrottlingException', 400],
    ['ProvisionedThroughputExceededException', 400],
    ['RequestLimitExceeded', 400],
    ['TimeoutError', undefined],
  ])('calls %s with status %s ServiceUnavailable, and keeps its words', (name, status) => {
    const cause = sdkError(name, status);
    const named = nameTrouble(cause);
    expect(named).toMatchObject({ name: 'ServiceUnavailable', message: `${name}: told by AWS`, cause });
  });

  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'calls a transaction that was cancelled for %s ServiceUnavailable',
    (Code) => {
      const error = sdkError('TransactionCanceledException', 400, {
        CancellationReasons: [{ Code: 'None' }, { Code }],
      });
      expect(nameTrouble(error)).toMatchObject({ name: 'ServiceUnavailable' });
    },
  );

  it.each([
    sdkError('AccessDenied', 403),
    sdkError('NoSuchBucket', 404),
    sdkError('ValidationException', 400),
    sdkError('TransactionCanceledException', 400, { CancellationReasons: [{ Code: 'ConditionalCheckFailed' }] }),
    new BudgetExceeded('too dear'),
    new TypeError('a bug'),
    'no error at all',
  ])('leaves %s as it is', (error) => {
    expect(nameTrouble(error)).toBe(error);
  });

  it('has words where the error has none', () => {
    const silent = Object.assign(new Error(''), { name: 'ECONNRESET', $metadata: {} });
    expect(nameTrouble(silent)).toMatchObject({ message: 'ECONNRESET: no answer' });
  });
});
