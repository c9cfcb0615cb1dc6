import type { Executions } from '../../functions/core/close/executions.ts';

export interface FakeExecutions extends Executions {
  readonly stopped: readonly { readonly name: string; readonly error: string; readonly cause: string }[];
}

export function makeFakeExecutions(): FakeExecutions {
  const stopped: { name: string; error: string; cause: string }[] = [];
  return {
    stopped,
    stop: async (name, error, cause) => {
      // What AWS takes as a cause.
      if (cause.length > 32_768) throw new TypeError('Expected a shorter cause');
      stopped.push({ name, error, cause });
    },
  };
}
