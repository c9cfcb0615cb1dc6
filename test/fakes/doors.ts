import type { Door, Doors } from '../../functions/core/tell/doors.ts';

export interface FakeDoors extends Doors {
  /** What a reader of the table sees. */
  readonly all: ReadonlyMap<string, Door>;
}

export function makeFakeDoors(): FakeDoors {
  const all = new Map<string, Door>();
  return {
    all,
    add: async (tokenHash, door) => {
      if (!/^[0-9a-f]{64}$/.test(tokenHash)) throw new TypeError('Expected the hash of a token');
      if (!Number.isInteger(door.expires) || door.expires > 1e11)
        throw new TypeError('Expected seconds: TTL ignores others');
      all.set(tokenHash, door);
    },
    find: async (tokenHash) => all.get(tokenHash),
  };
}
