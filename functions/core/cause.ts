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

/**
 * Words of others for one line of ours (a log, a terminal, a message): line breaks, control characters and marks of direction could
 * forge a line, colour a terminal or hide the end of a text. Cut where it is too long.
 */
export const toLine = (text: string, longest: number) =>
  text
    .replaceAll(/[\s\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, longest)
    .toWellFormed();
