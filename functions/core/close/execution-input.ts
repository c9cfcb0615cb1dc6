import { isText } from '../input/recipe.ts';
import type { CloseRequest } from './closing.ts';

function parse(text: string | null | undefined): object {
  try {
    return Object(JSON.parse(text ?? 'null'));
  } catch {
    return {};
  }
}

/**
 * What closing a job takes from the input of its execution as an event tells it: a text that may be cut or missing, of an
 * input that may have been refused.
 */
export function readExecutionInput(
  text: string | null | undefined,
): Pick<CloseRequest, 'schedule' | 'partOf' | 'notify'> {
  const input = parse(text);
  const notify: unknown = Reflect.get(input, 'notify');
  const isName = typeof notify === 'string' && notify.length <= 64 && isText(notify);
  return {
    schedule: Reflect.get(input, 'schedule'),
    partOf: Reflect.get(input, 'partOf'),
    notify: isName ? notify : undefined,
  };
}
