/**
 * The sentence in a Cause. Step Functions wraps a Lambda's error as `{"errorType","errorMessage","trace"}`; other services
 * give plain text.
 */
export function readCause(cause: string): string {
  try {
    const parsed: unknown = JSON.parse(cause);
    const message: unknown =
      typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'errorMessage') : undefined;
    return typeof message === 'string' ? message : cause;
  } catch {
    return cause;
  }
}
