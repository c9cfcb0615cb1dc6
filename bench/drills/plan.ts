import type { DrillEvent } from '../../local/batch/drill.ts';
import { makeRandom, shuffle } from '../replay/random.ts';

/** What may happen to a call; each is one fault, however many calls a long one takes. */
export type CallFaultKind = 'throttled' | 'broken' | 'answer-lost' | 'timed-out' | 'twice' | 'late' | 'clock-jump';

/** A kind of call: who makes it, to which service. */
export interface CallClass {
  readonly name: string;
  readonly who: 'function' | 'worker' | 'machine';
  readonly service: string;
  /** Calls of this kind that an image brings about, roughly: the faults are spread over that many. */
  readonly perImage: number;
  readonly kinds: readonly CallFaultKind[];
  /** Of 100 planned faults. */
  readonly share: number;
}

export interface PlannedCallFault {
  readonly kind: CallFaultKind;
  /** Number of the call of its class, from 1. */
  readonly nth: number;
  /** So many calls in a row of the same caller and operation: 4 are more than an SDK tries. */
  readonly calls: number;
}

export interface StormPlan {
  readonly seed: number;
  readonly calls: ReadonlyMap<CallClass, readonly PlannedCallFault[]>;
  /** For the local Batch: what happens to hosts, containers and pools. */
  readonly drill: readonly DrillEvent[];
  /** Milliseconds for which the endpoint is away, one each; before which wave. */
  readonly restarts: readonly { readonly wave: number; readonly afterMs: number; readonly awayMs: number }[];
  /** Waves before which all vCPUs of the quota are taken by somebody else. */
  readonly fullQuota: readonly { readonly wave: number; readonly seconds: number }[];
  /** How EventBridge treats the events in turn: milliseconds of delay, and whether it delivers twice. */
  readonly deliveries: readonly { readonly delayMs: number; readonly twice: boolean }[];
}

const either = ['throttled', 'broken'] as const;
/**
 * SNS and the answer of a publish: a topic knows no token, a lost answer is a second mail whatever the sender does.
 * So its faults come before it acts.
 */
const classes: readonly CallClass[] = [
  { name: 's3', who: 'function', service: 's3', perImage: 12, kinds: [...either, 'answer-lost', 'late'], share: 10 },
  { name: 'dynamodb', who: 'function', service: 'dynamodb', perImage: 2, kinds: [...either, 'answer-lost'], share: 9 },
  { name: 'ec2', who: 'function', service: 'ec2', perImage: 0.2, kinds: either, share: 2 },
  { name: 'quotas', who: 'function', service: 'servicequotas', perImage: 0.05, kinds: either, share: 1 },
  { name: 'batch', who: 'function', service: 'batch', perImage: 0.1, kinds: either, share: 1 },
  {
    name: 'worker-s3',
    who: 'worker',
    service: 's3',
    perImage: 3,
    kinds: [...either, 'answer-lost', 'late'],
    share: 10,
  },
  { name: 'imds', who: 'worker', service: 'imds', perImage: 2, kinds: ['broken'], share: 2 },
  {
    name: 'invoke',
    who: 'machine',
    service: 'lambda',
    perImage: 0.8,
    kinds: [...either, 'answer-lost', 'timed-out', 'twice', 'clock-jump'],
    share: 18,
  },
  { name: 'submit', who: 'machine', service: 'batch', perImage: 0.15, kinds: [...either, 'answer-lost'], share: 3 },
  { name: 'publish', who: 'machine', service: 'sns', perImage: 0.06, kinds: [...either, 'late'], share: 1.5 },
];

export interface StormSize {
  readonly seed: number;
  readonly faults: number;
  readonly images: number;
  /** Images of a job. */
  readonly each: number;
}

const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

function planCalls(of: CallClass, { faults, images }: StormSize, random: () => number): readonly PlannedCallFault[] {
  const count = Math.max(1, Math.round((faults * of.share) / 100));
  const gap = Math.max(2, Math.floor((images * of.perImage * 1.4) / count));
  let nth = 0;
  return times(count, (index): PlannedCallFault => {
    nth += 1 + Math.floor(random() * gap);
    const kind = of.kinds[index % of.kinds.length] ?? 'broken';
    // Every third one outlasts the SDK of a function; a worker is more patient, and ends an attempt where it is not.
    const isLong = index % 3 === 2 && (kind === 'throttled' || kind === 'broken') && of.who === 'function';
    return { kind, nth, calls: isLong ? 4 : 1 };
  });
}

/**
 * Each event is for one number of attempt, which a shard has once: so no shard meets more than one of them in an attempt,
 * and no more of a kind than it bears (`next-step.ts`: WorkerLost thrice, WeightsUnavailable and GpuOutOfMemory once).
 */
function planDrill({ faults, each }: StormSize, random: () => number): readonly DrillEvent[] {
  const part = (share: number) => Math.max(1, Math.round((faults * share) / 100));
  const oneOf = <T>(items: readonly [T, ...T[]]): T => items[Math.floor(random() * items.length)] ?? items[0];
  const attempt = () => oneOf([1, 1, 1, 2, 2, 3]);
  const afterSeconds = () => Number((random() * 12).toFixed(1));
  const afterImages = () => Math.floor(random() * each);
  // The worker stops 25 s before the announced time: at once, or after a moment; a clock that is off says less.
  const noticeSeconds = () => oneOf([25.2, 26, 28, 2, -5]);
  const atSomeTime = (count: number) => times(count, () => ({ afterImages: 0, afterSeconds: afterSeconds() }));
  const atSomeImage = (count: number) => times(count, () => ({ afterImages: afterImages() }));
  const notices = [...atSomeTime(part(5)), ...atSomeImage(part(5))];
  // The last: all images are in the bucket, the record of the attempt is not.
  const silent = (count: number) => [...atSomeTime(count), ...atSomeImage(count), { afterImages: each }];
  const events: readonly DrillEvent[] = [
    ...notices.map((when) => ({ kind: 'interrupt' as const, ...when, noticeSeconds: noticeSeconds() })),
    ...silent(part(2)).map((when) => ({ kind: 'lose' as const, ...when })),
    ...times(part(1.5), () => ({ kind: 'lose' as const, afterImages: 0, starting: true as const })),
    ...silent(part(3)).map((when) => ({ kind: 'kill' as const, ...when })),
    ...times(part(1), () => ({ kind: 'fault' as const, exitCode: 86 })),
    ...times(part(1), () => ({ kind: 'slowStart' as const, seconds: Number((1 + random() * 2).toFixed(1)) })),
  ].map((event) => ({ ...event, attempt: attempt() }));
  const once = [81, 82].map((exitCode) => ({ kind: 'fault' as const, exitCode, attempt: 1 }));
  return shuffle([...events, ...once], random);
}

/** The same faults for the same seed; which job meets which of them is the interleaving's, and that no seed fixes. */
export function planStorm(asked: StormSize): StormPlan {
  // Some will meet nobody: an attempt that never was, a worker that was faster.
  const size = { ...asked, faults: Math.ceil(asked.faults * 1.1) };
  const random = makeRandom(size.seed);
  const calls = new Map(classes.map((of) => [of, planCalls(of, size, random)]));
  const waves = Math.max(2, Math.ceil(size.images / (size.each * 6)));
  const wave = () => Math.floor(random() * waves);
  const some = (share: number) => Math.max(1, Math.round((size.faults * share) / 100));
  return {
    seed: size.seed,
    calls,
    // First whole queues: what waits in a pool of the first wave is refused, in a large storm twice. Then zones, by whoever comes there.
    drill: [
      { kind: 'capacity', pool: '*', times: size.faults < 100 ? 6 : 12 },
      ...['use1-az1', 'use1-az5', 'use1-az6', 'any'].map((pool) => ({ kind: 'capacity' as const, pool })),
      ...planDrill(size, random),
    ],
    restarts: times(some(1.5), () => ({
      wave: wave(),
      afterMs: 1000 + Math.floor(random() * 8000),
      awayMs: 200 + Math.floor(random() * 500),
    })),
    fullQuota: times(some(1), () => ({ wave: wave(), seconds: 3 + Math.floor(random() * 3) })),
    deliveries: times(40, () => ({ delayMs: Math.floor(random() * 1500), twice: random() < 0.5 })),
  };
}

/** All that is planned, by kind. */
export function countPlanned({ calls, drill, restarts, fullQuota }: StormPlan): number {
  const ofDrill = drill.reduce((sum, event) => sum + (event.kind === 'capacity' ? (event.times ?? 1) : 1), 0);
  return [...calls.values()].flat().length + ofDrill + restarts.length + fullQuota.length;
}
