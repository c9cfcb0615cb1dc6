import { readFlags } from './flags.ts';
import { flatPrices, recordedPrices } from './replay/recorded-market.ts';
import { v100, v100ImagesPerSecond } from './replay/reference.ts';
import { replay, type SetFigures } from './replay/replay.ts';
import { readTraces } from './replay/traces.ts';

export interface ReplayBench {
  readonly terms: Readonly<Record<string, number | string>>;
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
  const flags = readFlags(
    args.filter((arg) => arg !== '--foresight'),
    names,
  );
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
  const sets = replay(traces, { ...options, foresight: args.includes('--foresight') });
  const market = prices === undefined ? 'flat, on-demand/spot 2.78' : 'recorded';
  return { terms: { ...terms, gapSeconds: traces.gapSeconds, prices: market }, sets };
}
