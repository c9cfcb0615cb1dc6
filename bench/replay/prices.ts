import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { BadRecording } from './bad-recording.ts';

/** The price of one type in one zone, as steps: from `times[i]` on it is `usdPerHour[i]`; undefined: not offered. */
export interface PriceSteps {
  readonly region: string;
  readonly azId: string;
  readonly instanceType: string;
  /** milliseconds since the epoch, ascending */
  readonly times: readonly number[];
  readonly usdPerHour: readonly (number | undefined)[];
  /** The last change of any type in the region: past it nothing is known. */
  readonly recordedUntil: number;
}

const usd = z.string().transform((text, context) => {
  if (text === '') return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  context.addIssue({ code: 'custom', message: `a price above 0 or nothing, got \`${text}\`` });
  return z.NEVER;
});

const instant = z.string().transform((text, context) => {
  const at = Date.parse(text);
  if (Number.isFinite(at)) return at;
  context.addIssue({ code: 'custom', message: `an ISO time, got \`${text}\`` });
  return z.NEVER;
});

const rowSchema = z.object({
  timestamp: instant,
  region: z.string().min(1),
  az_id: z.string().min(1),
  instance_type: z.string().min(1),
  spot_price_usd_per_hour: usd,
});

function readRows(file: string): readonly unknown[] {
  const bytes = readFileSync(file);
  return parse(file.endsWith('.gz') ? gunzipSync(bytes) : bytes, { columns: true, skip_empty_lines: true });
}

function checked<T>(schema: z.ZodType<T>, file: string): readonly T[] {
  return readRows(file).map((row, index) => {
    const parsed = schema.safeParse(row);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    const where = `${issue?.path.join('.')} of row ${index + 1} of \`${file}\``;
    throw new BadRecording(`Expected ${where} to be ${issue?.message}.`);
  });
}

/** Change points of Spot prices: one series for each zone and type, of these types alone. */
export function readSpotPrices(file: string, instanceTypes: readonly string[]): readonly PriceSteps[] {
  const all = checked(rowSchema, file);
  const until = new Map<string, number>();
  for (const { region, timestamp } of all) until.set(region, Math.max(timestamp, until.get(region) ?? 0));
  const rows = all.filter((row) => instanceTypes.includes(row.instance_type));
  const series = Map.groupBy(rows, (row) => `${row.az_id}/${row.instance_type}`);
  return [...series.values()].flatMap((unsorted) => {
    const changes = unsorted.toSorted((a, b) => a.timestamp - b.timestamp);
    const [first] = changes;
    if (!first) return [];
    return {
      region: first.region,
      azId: first.az_id,
      instanceType: first.instance_type,
      times: changes.map((row) => row.timestamp),
      usdPerHour: changes.map((row) => row.spot_price_usd_per_hour),
      recordedUntil: until.get(first.region) ?? 0,
    };
  });
}

const onDemandSchema = z.object({ region: z.string(), instance_type: z.string(), ondemand_price: usd });

/** USD per hour of a type on demand in a region; undefined: not offered. */
export function readOnDemandPrices(file: string): (region: string, instanceType: string) => number | undefined {
  const rows = checked(onDemandSchema, file);
  const prices = new Map(rows.map((row) => [`${row.region}/${row.instance_type}`, row.ondemand_price]));
  return (region, instanceType) => prices.get(`${region}/${instanceType}`);
}

/** The step that is in force at `time`; -1 before the first. */
function stepAt({ times }: PriceSteps, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export const priceAt = (steps: PriceSteps, time: number) => steps.usdPerHour[stepAt(steps, time)];

/** The mean price from `from` to `to`. A price that vanishes on the way stays what it was: the instance runs on. */
export function meanPrice(steps: PriceSteps, from: number, to: number): number | undefined {
  let index = stepAt(steps, from);
  let price = steps.usdPerHour[index];
  if (price === undefined) return undefined;
  let sum = 0;
  for (let at = from; at < to; index++) {
    const next = Math.min(to, steps.times[index + 1] ?? to);
    sum += price * (next - at);
    price = steps.usdPerHour[index + 1] ?? price;
    at = next;
  }
  return sum / (to - from);
}
