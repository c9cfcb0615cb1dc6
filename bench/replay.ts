import { readFlags } from './flags.ts';
import { flatPrices, onDemandOverSpot, recordedPrices } from './replay/recorded-market.ts';
import { v100, v100ImagesPerSecond } from './replay/reference.ts';
import { replay, type SetFigures } from './replay/replay.ts';
import { readTraces } from './replay/traces.ts';

export interface ReplayBench {
  readonly terms: {
    readonly hours: number;
    readonly deadlineHours: number;
    readonly changeoverMinutes: number;
    readonly starts: number;
    readonly seed: number;
    readonly gapSeconds: number;
    readonly days: number;
    readonly type: string;
    readonly prices: string;
  };
  readonly sets: Readonly<Record<string, SetFigures>>;
}

const names = [
  'availability',
  'hours',
  'deadline',
  'changeover-minutes',
  'starts',
  'seed',
  'prices',
  'ondemand',
] as const;

/** Jobs with a deadline on recorded availability, tick by tick, by our picking and by every baseline. */
export async function benchReplay(args: readonly string[]): Promise<ReplayBench> {
  const flags = readFlags(args, names, ['foresight']);
  const traces = readTraces(flags.needed('availability'));
  const prices = flags.text('prices');
  const terms = {
    hours: flags.number('hours', 6),
    deadlineHours: flags.number('deadline', 9),
    changeoverMinutes: flags.number('changeover-minutes', 6),
    starts: flags.number('starts', 200),
    seed: flags.number('seed', 3),
  };
  const usdPerHour = prices === undefined ? flatPrices : recordedPrices(traces, prices, flags.text('ondemand'));
  const options = { ...terms, type: v100, imagesPerSecond: v100ImagesPerSecond, usdPerHour };
  const { gapSeconds, zones } = traces;
  const market = {
    gapSeconds,
    days: Math.floor(((zones[0]?.up.length ?? 0) * gapSeconds) / 86_400),
    type: v100.name,
    prices: prices === undefined ? `flat, on-demand at ${onDemandOverSpot} times Spot` : 'recorded',
  };
  return { terms: { ...terms, ...market }, sets: replay(traces, { ...options, foresight: flags.isOn('foresight') }) };
}
