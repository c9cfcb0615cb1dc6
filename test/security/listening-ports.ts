import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A TCP socket that a process of ours listens on, by Linux's own books. */
export interface ListeningPort {
  readonly pid: number;
  /** As `/proc/net/tcp` has it; `127.0.0.1` for the loopback. */
  readonly address: string;
  readonly port: number;
}

const listening = '0A';

function parentOf(pid: string): number | undefined {
  try {
    // The name in brackets may hold anything; what counts comes after it.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
  } catch {
    return undefined;
  }
}

/** A process and all that it started. */
export function familyOf(root: number): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = pids.map((pid) => [Number(pid), parentOf(pid)] as const);
  const family = [root];
  for (const elder of family) family.push(...parents.filter(([, parent]) => parent === elder).map(([pid]) => pid));
  return family;
}

function socketsOf(pid: number): ReadonlySet<string> {
  const names = readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1] ?? [];
    } catch {
      return [];
    }
  });
  return new Set(names);
}

const toAddress = (hex: string) => (hex.length === 8 ? Buffer.from(hex, 'hex').toReversed().join('.') : `IPv6 ${hex}`);

export function listPorts(pids: readonly number[]): readonly ListeningPort[] {
  const rows = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8').trim().split('\n').slice(1),
  );
  const sockets = rows.map((row) => row.trim().split(/\s+/)).filter((fields) => fields[3] === listening);
  return pids.flatMap((pid) => {
    const own = socketsOf(pid);
    return sockets.flatMap((fields) => {
      const [address = '', port = ''] = (fields[1] ?? '').split(':');
      return own.has(fields[9] ?? '') ? [{ pid, address: toAddress(address), port: Number.parseInt(port, 16) }] : [];
    });
  });
}
