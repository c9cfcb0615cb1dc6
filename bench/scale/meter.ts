import type { FrontCall, FrontOptions } from '../../local/address/front.ts';
import { FUNCTION_KEY_PREFIX } from '../../local/names.ts';

/** What passed the door of the stack. */
export interface Meter {
  readonly decide: (call: FrontCall) => void;
  readonly observe: NonNullable<FrontOptions['observe']>;
  /** Since the last reading. */
  read(): MeterReading;
}

export interface MeterReading {
  /** Of each function, all invocations together: from the request until its answer. */
  readonly secondsOf: Readonly<Record<string, number>>;
  /** Requests of functions and workers to S3, by who and what. */
  readonly s3: Readonly<Record<string, number>>;
}

const functionOf = ({ service, path }: FrontCall) =>
  service === 'lambda' ? /\/functions\/(?:[^/]*(?::|%3A))?([\w-]+)\/invocations/.exec(path)?.[1] : undefined;

function requestOf({ service, caller, method, path }: FrontCall): string | undefined {
  if (service !== 's3') return undefined;
  const who = caller.startsWith(FUNCTION_KEY_PREFIX) ? caller.slice(FUNCTION_KEY_PREFIX.length) : 'worker';
  const isList = path.includes('list-type=');
  const folder = isList ? new URLSearchParams(path.split('?')[1]).get('prefix') : path.split('/').slice(2).join('/');
  return `${who} ${isList ? 'LIST' : method} ${folder?.split('/')[0]}`;
}

export function makeMeter(): Meter {
  const started = new WeakMap<FrontCall, number>();
  let seconds = new Map<string, number>();
  let s3 = new Map<string, number>();
  const add = (to: Map<string, number>, key: string, value: number) => to.set(key, (to.get(key) ?? 0) + value);
  return {
    decide: (call) => {
      const request = requestOf(call);
      if (request !== undefined) add(s3, request, 1);
      if (functionOf(call) !== undefined) started.set(call, performance.now());
    },
    observe: (call) => {
      const name = functionOf(call);
      const from = started.get(call);
      if (name !== undefined && from !== undefined) add(seconds, name, (performance.now() - from) / 1000);
    },
    read: () => {
      const reading = { secondsOf: Object.fromEntries(seconds), s3: Object.fromEntries([...s3].toSorted()) };
      seconds = new Map();
      s3 = new Map();
      return reading;
    },
  };
}
