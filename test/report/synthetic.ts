/** Jobs that were never rendered, as the real renderer is given them: of any size, with every kind of end. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { PriceCurves } from '../../functions/core/pick/price-curve.ts';
import type { RankedRow } from '../../functions/core/pick/ranked-row.ts';
import { type ManifestLine, toManifest } from '../../functions/core/receipt/manifest.ts';
import { type Receipt, toReceipt } from '../../functions/core/receipt/receipt.ts';
import { renderReport } from '../../functions/core/report/report-page.ts';
import type { ReportDetails } from '../../functions/core/report/to-page-data.ts';
import type { AttemptRecord } from '../../functions/core/settle/attempt-record.ts';
import type { Settlement } from '../../functions/core/settle/settlement.ts';
import { imageKey, jobKey, thumbnailKey } from '../../functions/core/storage/keys.ts';
import { aBigRecipe, anImage, aRecord, aSettlement } from '../fakes/builders.ts';

export interface SyntheticJob {
  readonly jobId: string;
  readonly receipt: Receipt;
  readonly manifest: readonly ManifestLine[];
  readonly details: ReportDetails;
}

const start = Date.parse('2026-11-23T22:00:00.000Z');
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();

const subjects = ['a lighthouse', 'an old tram', 'a glass greenhouse', 'a fox', 'a market square', 'a wooden bridge'];
const places = [
  'at dawn',
  'in heavy rain',
  'under northern lights',
  'in the style of a linocut',
  'from above',
  'in fog',
];
const details = ['35mm photograph', 'soft light, muted colours', 'wide angle, highly detailed', 'ink and watercolour'];
/** As a job of choices makes them: every prompt another one. */
export const promptOf = (index: number) =>
  `${subjects[index % 6]} ${places[Math.floor(index / 6) % 6]}, ${details[Math.floor(index / 36) % 4]}, number ${index}`;

const g6 = 'use1-az4/g6.xlarge/spot';
const g5 = 'use1-az1/g5.xlarge/spot';
const row = (pool: string, gpu: string, usdPerHour: number, usdPerImage: number, why: string): RankedRow => ({
  pool,
  gpu,
  usdPerHour,
  usdPerImage,
  minutes: 12,
  why,
});
const ranked = [
  row(g6, 'L4', 0.3442, 0.00041, 'cheapest image: rendering is 71 % of it, speed measured'),
  row(
    g5,
    'A10G',
    0.4231,
    0.00046,
    '12 % dearer an image: rendering is 68 % of it, speed measured, 0.41 losses/h measured',
  ),
  row(
    'use1-az2/g6e.xlarge/spot',
    'L40S',
    0.8912,
    0.00052,
    '27 % dearer an image: boot and end are 52 % of it, speed published',
  ),
  row(
    'use1-az1/g4dn.xlarge/spot',
    'T4',
    0.2104,
    0.00063,
    '54 % dearer an image: rendering is 88 % of it, speed assumed',
  ),
  row('any/g6.xlarge/spot', 'L4', 0.3611, 0.00043, '5 % dearer an image: rendering is 71 % of it, speed measured'),
];

const pricesOf = (): PriceCurves => {
  const from = start - 7 * 86_400_000;
  const curve = (pool: string, base: number, phase: number) => ({
    pool,
    points: Array.from({ length: 28 }, (_, i): [number, number] => [
      from + i * 6 * 3_600_000,
      Number((base * (1 + 0.12 * Math.sin(i / 3 + phase) + 0.03 * Math.sin(i * 7))).toFixed(4)),
    ]),
  });
  const curves = [curve(g6, 0.344, 0), curve(g5, 0.42, 2), curve('use1-az1/g4dn.xlarge/spot', 0.21, 4)];
  return { version: 1, from, to: start, curves };
};

const phases = (seconds: number) => ({
  importSeconds: 6,
  loadSeconds: 20,
  renderSeconds: seconds - 30,
  uploadSeconds: 2,
});

export interface Options {
  readonly shards?: number;
  readonly prompts?: readonly string[];
  /** How many are missing, from the end. */
  readonly failed?: number;
  readonly blocked?: number;
  readonly reused?: number;
  readonly layout?: ReportDetails['layout'];
  readonly side?: number;
}

/** Shard 1 is interrupted in its first hour; shard 2 waited for capacity. */
export function aSyntheticJob(jobId: string, count: number, options: Options = {}): SyntheticJob {
  const { shards = 4, prompts, failed = 0, blocked = 0, reused = 0, layout = 'bucket', side = 512 } = options;
  const images = Array.from({ length: count }, (_, index) =>
    anImage(
      aBigRecipe({
        prompt: prompts?.[index] ?? promptOf(index),
        seed: (index * 2_654_435_761) % 4_294_967_296,
        width: side,
        height: side,
      }),
    ),
  );
  const hashes = images.map(({ hash }) => hash);
  const there = hashes.slice(0, count - failed - blocked);
  const rendered = there.slice(reused);
  const perShard = Math.ceil(rendered.length / shards);
  const settlements: Settlement[] = [];
  const records: AttemptRecord[] = [];
  for (let shard = 0; shard < shards; shard++) {
    const made = rendered.slice(shard * perShard, (shard + 1) * perShard);
    const seconds = 60 + made.length * 2.1;
    const isLost = shard === 1;
    const begin = shard * 20;
    const first = { shard, attempt: 1, pool: g6, ranked, usdPerHour: 0.3442, batchJobId: `b-${shard}` };
    if (isLost) {
      const lostAfter = 45;
      settlements.push(
        aSettlement({
          ...first,
          outcome: 'SpotInterrupted',
          reason: 'Host EC2 (instance i-0a1b2c3d) terminated.',
          seconds: lostAfter,
          startSeconds: 184,
          billed: false,
          images: 0,
          usd: 0.0012,
          onDemandUsd: 0.0571,
          createdAt: at(begin),
          startedAt: at(begin + 184),
          stoppedAt: at(begin + 184 + lostAfter),
        }),
      );
    }
    const from = isLost ? begin + 240 : begin;
    const wait = shard === 2 ? 400 : 0;
    const end = from + wait + 200;
    settlements.push(
      aSettlement({
        ...first,
        attempt: isLost ? 2 : 1,
        pool: isLost ? g5 : g6,
        usdPerHour: isLost ? 0.4231 : 0.3442,
        seconds,
        startSeconds: 200,
        idleSeconds: 180,
        images: made.length,
        usd: ((seconds + 380) * 0.36) / 3600,
        onDemandUsd: ((seconds + 380) * 0.82) / 3600,
        createdAt: at(from),
        startedAt: at(end),
        stoppedAt: at(end + seconds),
        wait: wait
          ? { sentence: `no capacity in ${g6}`, until: at(end - 120) }
          : { sentence: `an instance starts in ${g6}, usually in 3 to 6 minutes` },
      }),
    );
    records.push(
      aRecord({
        shard,
        attempt: isLost ? 2 : 1,
        pool: isLost ? g5 : g6,
        device: isLost ? 'NVIDIA A10G' : 'NVIDIA L4',
        phases: phases(seconds),
        images: made.map((hash) => ({ hash, seconds: 2.1, pixelHash: 'f'.repeat(64) })),
        failed: hashes.slice(count - failed).map((hash) => ({
          hash,
          error: 'GenerationFailed',
          message: 'the picture is all black: NaN in the decoder',
        })),
        blocked: hashes
          .slice(count - failed - blocked, count - failed)
          .map((hash) => ({ hash, reason: 'flagged 4 times by the checker' })),
      }),
    );
  }
  const manifest = toManifest({ images, present: new Set(there), records, unrecorded: new Map(), settlements });
  const last = Math.max(...settlements.map(({ stoppedAt = at(0) }) => Date.parse(stoppedAt)));
  const receipt = toReceipt(manifest, settlements, {
    jobId,
    startedAt: at(0),
    closedAt: new Date(last + 15_000).toISOString(),
    plannedUsd: { p50: 0.31, p90: 0.44, onDemand: 0.97 },
    failures: [],
    records,
  });
  const pauses = [
    { version: 1, shard: 3, from: at(-0 + 2), seconds: 50, reason: `No capacity for shard 3: tried ${g6}.` } as const,
  ];
  return { jobId, receipt, manifest, details: { layout, settlements, pauses, prices: pricesOf() } };
}

const hueOf = (index: number) => `hsl(${(index * 47) % 360}, 55%, ${35 + (index % 5) * 8}%)`;

/** Lays a job out as the bucket does, its delivered pictures as plain squares. The path of its report. */
export async function writeJob(folder: string, job: SyntheticJob, pictures: 'all' | 'thumbnails' | 'images' = 'all') {
  const put = async (key: string, body: string | Uint8Array) => {
    await mkdir(dirname(join(folder, key)), { recursive: true });
    await writeFile(join(folder, key), body);
  };
  const squares = await Promise.all(
    Array.from({ length: 24 }, async (_, index) => {
      const square = sharp({ create: { width: 256, height: 256, channels: 3, background: hueOf(index) } });
      return { webp: await square.clone().webp().toBuffer(), png: await square.clone().png().toBuffer() };
    }),
  );
  const delivered = job.manifest.filter(({ status }) => status === 'delivered');
  for (const [index, { hash }] of delivered.entries()) {
    const square = squares[index % squares.length];
    if (!square) continue;
    if (pictures !== 'images') await put(thumbnailKey(hash, 256), square.webp);
    if (pictures !== 'thumbnails') await put(imageKey(hash), square.png);
  }
  await put(jobKey(job.jobId, 'report.html'), renderReport(job.receipt, job.manifest, job.details));
  return join(folder, jobKey(job.jobId, 'report.html'));
}
