import { type ErrorName, errorTable } from '../../functions/core/errors.ts';
import { listPools, poolId } from '../../functions/core/market/pools.ts';
import { ZONES } from '../../local/market/pools.ts';
import { INSTANCE_TYPES } from '../../local/market/published-prices.ts';
import type { DrillEvent } from '../../local/start.ts';
import { UsageProblem } from './usage-problem.ts';

/** What `--drill` takes, for the usage error and the help. */
export const drillGrammar = `events, separated by commas; each happens once, to the first attempt that fits:
  interrupt@N          after N images EC2 announces that it takes the host back
  lose@N               after N images the host is gone without a word
  kill@N               after N images the worker is killed
  capacity:POOL[xT]    no capacity, T times: a pool id, an AZ id, az1 to az${ZONES.length} by order, or *
  oom@A                the GPU memory is too small in attempt A
  fault:CODE@A         the worker ends with this exit code in attempt A
  slow-start[:SECONDS] the container takes that long to begin (20 s)`;

const exitCodeOf = (name: ErrorName) => errorTable.find((entry) => entry.name === name)?.exitCode ?? 1;
const places: ReadonlySet<string> = new Set([
  '*',
  ...ZONES.map(({ id }) => id),
  ...listPools(
    ZONES.map(({ id }) => id),
    INSTANCE_TYPES,
  ).map(poolId),
]);

/** `az2` is the second zone: who rehearses need not know our ids. */
const toPlace = (place: string) => ZONES[Number(/^az(\d+)$/.exec(place)?.[1]) - 1]?.id ?? place;

function toCapacity([, where = '', times]: readonly string[]): DrillEvent | undefined {
  const pool = toPlace(where);
  if (!places.has(pool)) return undefined;
  return { kind: 'capacity', pool, ...(times === undefined ? {} : { times: Number(times) }) };
}

function toFault([, code, attempt]: readonly string[]): DrillEvent | undefined {
  const exitCode = Number(code);
  return exitCode >= 1 && exitCode <= 255 ? { kind: 'fault', exitCode, attempt: Number(attempt) } : undefined;
}

const afterImages = (kind: 'interrupt' | 'lose' | 'kill') => (found: readonly string[]) => ({
  kind,
  afterImages: Number(found[1]),
});

type Rule = readonly [pattern: RegExp, read: (found: readonly string[]) => DrillEvent | undefined];

const rules: readonly Rule[] = [
  [/^interrupt@(\d+)$/, afterImages('interrupt')],
  [/^lose@(\d+)$/, afterImages('lose')],
  [/^kill@(\d+)$/, afterImages('kill')],
  [/^capacity:(.+?)(?:x([1-9]\d*))?$/, toCapacity],
  [
    /^oom@([1-9]\d*)$/,
    ([, attempt]) => ({ kind: 'fault', exitCode: exitCodeOf('GpuOutOfMemory'), attempt: Number(attempt) }),
  ],
  [/^fault:(\d+)@([1-9]\d*)$/, toFault],
  [
    /^slow-start(?::(\d+))?$/,
    ([, seconds]) => ({ kind: 'slowStart', ...(seconds === undefined ? {} : { seconds: Number(seconds) }) }),
  ],
];

function toEvent(text: string): DrillEvent {
  for (const [pattern, read] of rules) {
    const found = pattern.exec(text);
    const event = found ? read(found) : undefined;
    if (event) return event;
  }
  throw new UsageProblem(`Expected \`--drill\` to hold ${drillGrammar}\nGot \`${text}\`.`);
}

/** `interrupt@3,capacity:az1,oom@1`; nothing of nothing. */
export const parseDrill = (text: string): readonly DrillEvent[] =>
  text === '' ? [] : text.split(',').map((part) => toEvent(part.trim()));
