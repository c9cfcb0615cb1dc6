import type { PriceCurves } from '../pick/price-curve.ts';
import { apportion } from '../receipt/apportion.ts';
import type { ManifestLine } from '../receipt/manifest.ts';
import type { Receipt } from '../receipt/receipt.ts';
import { type ReceiptLine, toLostTotals } from '../receipt/receipt-line.ts';
import { describeEnd, type Settlement } from '../settle/settlement.ts';
import type { Pause } from '../shard/pause.ts';
import type { Layout, PageAttempt, PageData, PagePick } from './page-data.ts';
import { toPictures } from './pictures.ts';
import { toSpans } from './timeline.ts';

/** What the bucket knows of a job beside its receipt and manifest. */
export interface ReportDetails {
  readonly layout: Layout;
  readonly settlements?: readonly Settlement[];
  readonly pauses?: readonly Pause[];
  readonly prices?: PriceCurves;
}

/** The page shows hundredths of a cent. */
const shownPerUsd = 10_000;
const minutes = (milliseconds: number) => `${Math.max(1, Math.round(milliseconds / 60_000))} min`;

/** Every wait has its sentence, if only that nobody told one. */
function whyItWaited(line: ReceiptLine): string | undefined {
  if (line.wait) return line.wait.sentence;
  if (!line.createdAt) return undefined;
  const { startedAt, stoppedAt } = line;
  if (!startedAt) return describeEnd(line) || 'it never started; AWS Batch gave no reason';
  if (stoppedAt === undefined) return undefined;
  const waited = Date.parse(startedAt) - Date.parse(line.createdAt);
  return waited > 5000
    ? `its container started after ${minutes(waited)}; AWS Batch told of nothing unusual`
    : undefined;
}

function toAttempts(lines: readonly ReceiptLine[], usd: number): readonly PageAttempt[] {
  const shown = apportion(
    lines.map((line) => line.usd),
    Math.round(usd * shownPerUsd),
  );
  return lines.map((line, index) => ({
    shard: line.shard,
    attempt: line.attempt,
    pool: line.pool,
    outcome: line.outcome,
    words: describeEnd(line),
    wait: whyItWaited(line),
    spans: toSpans(line),
    images: line.images,
    seconds: line.seconds,
    usd: (shown[index] ?? 0) / shownPerUsd,
    wasteUsd: line.wasteUsd,
    billed: line.billed,
    usdPerHour: line.usdPerHour,
    usdPerHourLater: line.usdPerHourLater,
  }));
}

/** Shards of a job are mostly ranked alike: each ranking stands once. */
function toPicks(settlements: readonly Settlement[]): readonly PagePick[] {
  const ranked = settlements.flatMap(({ ranked, ...rest }) => (ranked?.length ? [{ ranked, ...rest }] : []));
  const groups = Map.groupBy(ranked, (pick) => JSON.stringify([pick.pool, pick.ranked]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const attempts = group.map(({ shard, attempt }) => `${shard}.${attempt}`);
    return [{ attempts, chosen: first.pool, note: first.note ?? '', ranked: first.ranked }];
  });
}

export function toPageData(
  receipt: Receipt,
  manifest: readonly ManifestLine[],
  { layout, settlements = [], pauses = [], prices }: ReportDetails,
): PageData {
  const { usd, usdPerImage, onDemandUsd, savingPercent, simulated, plannedUsd, failure } = receipt;
  return {
    jobId: receipt.jobId,
    startedAt: receipt.startedAt,
    closedAt: receipt.closedAt,
    layout,
    pictures: toPictures(manifest),
    attempts: toAttempts(receipt.attempts, usd),
    pauses: pauses.map(({ shard, from, seconds, reason }) => {
      return { shard, from: Date.parse(from), to: Date.parse(from) + seconds * 1000, sentence: reason };
    }),
    picks: toPicks(settlements),
    prices: prices?.curves.length ? prices : undefined,
    receipt: {
      simulated,
      usd,
      usdPerImage,
      onDemandUsd,
      savingPercent,
      plannedUsd,
      failure,
      lost: receipt.lost ?? toLostTotals(receipt.attempts),
    },
    requeue: receipt.failed > 0,
  };
}
