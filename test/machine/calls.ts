import { setTimeout as sleep } from 'node:timers/promises';
import type { Guard } from '../../local/address/guard.ts';

/** What passed the endpoint and must pass it once. */
export interface Calls {
  readonly guard: Guard;
  /** How often a picture was put and taken, by its path: a conditional put that was refused is none. */
  readonly stored: ReadonlyMap<string, number>;
  /** Texts that SNS took, in order. */
  readonly said: readonly string[];
  /** How many messages SNS took. */
  readonly messages: number;
}

export function countCalls(): Calls {
  const stored = new Map<string, number>();
  const said: string[] = [];
  const guard: Guard = {
    admit: async () => undefined,
    observe: ({ method, path, signer, body }, status) => {
      if (status >= 300) return;
      if (signer.service === 's3' && method === 'PUT' && path.includes('/images/')) {
        stored.set(path, (stored.get(path) ?? 0) + 1);
      }
      const form = signer.service === 'sns' ? new URLSearchParams(body.toString()) : undefined;
      if (form?.get('Action') === 'Publish') said.push(form.get('Message') ?? '');
    },
  };
  return {
    guard,
    stored,
    said,
    get messages() {
      return said.length;
    },
  };
}

export async function until<T>(ask: () => Promise<T | undefined> | T | undefined, seconds = 150): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(50)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`Expected it to happen within ${seconds} s`);
}
