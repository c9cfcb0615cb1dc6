/** Valid values of the domain; a test overrides what it is about. */

import type { QueuedJob } from '../../functions/core/batch-queue.ts';
import type { JobImage } from '../../functions/core/input/expand-prompts.ts';
import type { Job } from '../../functions/core/input/job.ts';
import { hashRecipe, type Recipe } from '../../functions/core/input/recipe.ts';
import { instanceTypes } from '../../functions/core/market/instance-types.ts';
import type { SpotPrice } from '../../functions/core/market/outlook.ts';
import { emptyOutlook, type Outlook } from '../../functions/core/market/outlook.ts';
import type { SettledPick } from '../../functions/core/pick/pick-schema.ts';
import type { Quote } from '../../functions/core/pick/quote.ts';
import type { Work } from '../../functions/core/pick/work.ts';
import type { Shard } from '../../functions/core/plan/cut-shards.ts';
import type { ManifestLine } from '../../functions/core/receipt/manifest.ts';
import type { Receipt } from '../../functions/core/receipt/receipt.ts';
import type { AttemptRecord } from '../../functions/core/settle/attempt-record.ts';
import type { Reservation } from '../../functions/core/settle/ledger.ts';
import type { Settlement } from '../../functions/core/settle/settlement.ts';
import type { Tried } from '../../functions/core/shard/attempt.ts';
import type { Verdict } from '../../functions/core/shard/classify-end.ts';
import type { Wait } from '../../functions/core/wait/waits.ts';

export const jobId = 'job-1';
export const startedAt = '2026-11-23T22:00:00.000Z';

export const aRecipe = (over: Partial<Recipe> = {}): Recipe => ({
  prompt: 'a red circle on a blue background',
  negativePrompt: '',
  seed: 0,
  model: 'tiny',
  revision: '0123456789ab',
  width: 64,
  height: 64,
  steps: 20,
  guidance: 2,
  scheduler: 'ddim',
  loras: [],
  ...over,
});

export const aBigRecipe = (over: Partial<Recipe> = {}): Recipe =>
  aRecipe({ model: 'sd-1.5', width: 512, height: 512, steps: 25, guidance: 7.5, scheduler: 'dpmpp-2m', ...over });

export const anImage = (over: Partial<Recipe> = {}): JobImage => {
  const recipe = aRecipe(over);
  return { hash: hashRecipe(recipe), recipe };
};

/** Images that differ by their seed. */
export const images = (count: number, over: Partial<Recipe> = {}): readonly JobImage[] =>
  Array.from({ length: count }, (_, seed) => anImage({ seed, ...over }));

export const aShard = (over: Partial<Shard> = {}): Shard => ({
  version: 1,
  jobId,
  shard: 0,
  model: 'tiny',
  revision: '0123456789ab',
  images: images(3),
  ...over,
});

export const aJob = (over: Partial<Job> = {}): Job => ({
  jobId,
  startedAt,
  mode: 'run',
  images: 3,
  duplicates: 0,
  models: ['tiny'],
  onDemand: 'never',
  sameGpu: false,
  notify: 'all',
  ...over,
});

export const aWork = (over: Partial<Work> = {}): Work => ({
  model: 'sd-1.5',
  images: 100,
  typical: aBigRecipe(),
  vramGib: 3,
  ...over,
});

export const aPrice = (over: Partial<SpotPrice> = {}): SpotPrice => ({
  azId: 'use1-az1',
  instanceType: 'g6.xlarge',
  usdPerHour: 0.3,
  ...over,
});

/** Every type of our table at its listed price; nothing learned, nothing closed, no quota known. */
export const outlookOf = (over: Partial<Outlook> = {}): Outlook => ({
  ...emptyOutlook,
  types: instanceTypes,
  onDemandPrices: instanceTypes.map(({ name, onDemandUsdPerHour }) => ({
    instanceType: name,
    usdPerHour: onDemandUsdPerHour,
  })),
  ...over,
});

export const aTried = (over: Partial<Tried> = {}): Tried => ({
  closedPools: [],
  vramAboveGib: 0,
  waits: 0,
  counts: {},
  ...over,
});

/** 100 images without a loss: 230 s + 100 x 2 s, and the idle tail, at 0.3 USD/h and 0.016 for volume and address. */
export const aQuote = (over: Partial<Quote> = {}): Quote => ({
  pool: { azId: 'use1-az1', instanceType: 'g6.xlarge', market: 'spot' },
  id: 'use1-az1/g6.xlarge/spot',
  gpu: 'L4',
  usdPerHour: 0.3,
  onDemandUsdPerHour: 0.8048,
  secondsPerImage: 2,
  bootSeconds: 210,
  startSeconds: 230,
  idleSeconds: 300,
  warm: false,
  coldBootSeconds: 210,
  coldIdleSeconds: 300,
  seconds: 430,
  expectedSeconds: 436,
  lossesPerHour: 0.3,
  refusalChance: 0,
  usd: 0.0656,
  usdPerImage: 0.000656,
  evidence: { speed: 'assumed', start: 'assumed', losses: 'assumed' },
  ...over,
});

export const aVerdict = (over: Partial<Verdict> = {}): Verdict => ({ outcome: 'Succeeded', reason: '', ...over });

export const aPick = (over: Partial<SettledPick> = {}): SettledPick => ({
  pool: 'use1-az1/g6.xlarge/spot',
  queue: 'spot-diffusion-use1-az1-g6-xlarge-spot',
  jobName: 'job-1-s0-a1',
  usdPerHour: 0.344,
  onDemandUsdPerHour: 0.8048,
  worstUsd: 0.12,
  ...over,
});

export const aReservation = (over: Partial<Reservation> = {}): Reservation => ({
  jobId,
  jobName: 'job-1-s0-a1',
  queue: 'spot-diffusion-use1-az1-g6-xlarge-spot',
  usd: 0.25,
  ...over,
});

export const aWait = (over: Partial<Wait> = {}): Wait => ({
  jobId,
  jobName: 'job-1-s0-a1',
  pool: 'use1-az1/g6.xlarge/spot',
  verdict: 'scaling',
  sentence: 'an instance starts',
  since: startedAt,
  at: startedAt,
  ...over,
});

export const aQueuedJob = (over: Partial<QueuedJob> = {}): QueuedJob => ({
  id: 'batch-1',
  jobName: 'job-1-s0-a1',
  queue: 'spot-diffusion-use1-az1-g6-xlarge-spot',
  status: 'RUNNABLE',
  statusReason: '',
  createdAt: Date.parse(startedAt),
  ...over,
});

export const aSettlement = (over: Partial<Settlement> = {}): Settlement => ({
  version: 1,
  jobId,
  shard: 0,
  attempt: 1,
  pool: 'use1-az1/g6.xlarge/spot',
  outcome: 'Succeeded',
  reason: '',
  seconds: 100,
  startSeconds: 210,
  billed: true,
  usdPerHour: 0.344,
  usd: 0.03,
  onDemandUsd: 0.09,
  ...over,
});

export const aRecord = (over: Partial<AttemptRecord> = {}): AttemptRecord => ({
  version: 1,
  jobId,
  shard: 0,
  attempt: 1,
  pool: 'use1-az1/g6.xlarge/spot',
  outcome: 'Succeeded',
  message: '',
  startedAt,
  endedAt: '2026-11-23T22:05:00.000Z',
  phases: { importSeconds: 1, loadSeconds: 5, renderSeconds: 4, uploadSeconds: 5 },
  device: 'cpu',
  computeBatch: 4,
  images: [],
  skipped: 0,
  failed: [],
  versions: { torch: '2.9.0' },
  ...over,
});

/** A record of a worker that rendered these images, 2 s each. */
export const aRecordOf = (made: readonly JobImage[], over: Partial<AttemptRecord> = {}): AttemptRecord =>
  aRecord({ images: made.map(({ hash }) => ({ hash, seconds: 2, pixelHash: 'f'.repeat(64) })), ...over });

export const aManifestLine = (over: Partial<ManifestLine> = {}): ManifestLine => {
  const { hash, recipe } = anImage();
  return { ...recipe, hash, status: 'delivered', reused: false, key: `images/${hash}.png`, usd: 0.01, ...over };
};

export const aReceipt = (over: Partial<Receipt> = {}): Receipt => ({
  version: 1,
  jobId,
  status: 'delivered',
  startedAt,
  closedAt: '2026-11-23T22:10:00.000Z',
  images: 4,
  delivered: 4,
  reused: 0,
  blocked: 0,
  failed: 0,
  usd: 0.12,
  usdPerImage: 0.03,
  onDemandUsd: 0.36,
  savingPercent: 67,
  attempts: [aSettlement()],
  ...over,
});
