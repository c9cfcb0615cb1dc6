import type { Timers } from '../../functions/core/wait/waits.ts';

export interface FakeTimers extends Timers {
  /** Those that are set, by name. */
  readonly pending: Map<string, { readonly at: Date; readonly event: unknown }>;
  /** The event of the one timer, which is gone then; loud where there is not one. */
  fire(): unknown;
}

/** As EventBridge Scheduler: names of at most 64 characters, a timer deletes itself. */
export function makeFakeTimers(now: () => number): FakeTimers {
  const pending = new Map<string, { at: Date; event: unknown }>();
  return {
    pending,
    fire: () => {
      const [entry, ...more] = pending;
      if (!entry || more.length) throw new TypeError(`Expected one timer, got ${pending.size}`);
      pending.delete(entry[0]);
      return entry[1].event;
    },
    set: async (name, at, event) => {
      if (!/^[\w.-]{1,64}$/.test(name)) throw new TypeError(`Expected the name of a schedule, got \`${name}\``);
      if (at.getTime() <= now()) throw new TypeError('Expected a time in the future');
      if (!pending.has(name)) pending.set(name, { at, event: JSON.parse(JSON.stringify(event)) });
    },
  };
}
