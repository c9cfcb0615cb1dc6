import type { Clock } from '../clock.ts';

/**
 * What changes rarely is asked for once in a while, not at every attempt: Service Quotas and Pricing allow few calls a
 * second. Lives as long as the instance of the function. A failure is not kept, and two that ask at once share one answer.
 */
export function remember<Key, T>(read: (key: Key) => Promise<T>, clock: Clock, seconds: number) {
  const kept = new Map<string, { readonly value: Promise<T>; readonly until: number }>();
  return (key: Key): Promise<T> => {
    const name = JSON.stringify(key);
    const found = kept.get(name);
    if (found && clock.now() < found.until) return found.value;
    const value = read(key);
    kept.set(name, { value, until: clock.now() + seconds * 1000 });
    value.catch(() => kept.delete(name));
    return value;
  };
}
