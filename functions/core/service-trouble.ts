import { ServiceUnavailable } from './errors.ts';

/** Codes of AWS for "later" that come with a status of 400. */
const later =
  /Throttl|TooManyRequests|ProvisionedThroughputExceeded|RequestLimitExceeded|SlowDown|RequestTimeout|TransactionInProgress/;

const read = (value: unknown, name: string): unknown => Reflect.get(Object(value), name);

/** A transaction of DynamoDB that lost to others, or to the table's limits, on all its tries. */
const isCrowded = (error: unknown) => {
  const reasons = read(error, 'CancellationReasons');
  const codes: readonly unknown[] = Array.isArray(reasons) ? reasons.map((reason) => read(reason, 'Code')) : [];
  return codes.some((code) => code === 'TransactionConflict' || later.test(String(code)));
};

/**
 * Whether an error of an AWS SDK may be gone on another try: throttled, failed on the side of AWS, or no answer at all.
 * By the fields that every client sets: `$metadata` is there for each call that was made, with the status of an answer.
 */
function isTrouble(error: Error): boolean {
  const metadata = read(error, '$metadata');
  if (metadata === undefined) return false;
  const status = read(metadata, 'httpStatusCode');
  if (typeof status !== 'number') return true;
  return status >= 500 || status === 429 || later.test(error.name) || isCrowded(error);
}

/** The one name for all of them, which the state machine tries again; any other error as it is. */
export function nameTrouble(error: unknown): unknown {
  if (!(error instanceof Error) || !isTrouble(error)) return error;
  return new ServiceUnavailable(`${error.name}: ${error.message || 'no answer'}`, { cause: error });
}
