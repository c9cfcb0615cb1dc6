/** Where everything lies in the bucket. */
const shardNumber = (shard: number) => String(shard).padStart(5, '0');

export const imageKey = (hash: string) => `images/${hash}.png`;
export const thumbnailSizes = [256, 512] as const;
export const thumbnailKey = (hash: string, size: (typeof thumbnailSizes)[number]) => `thumbnails/${size}/${hash}.webp`;

export const jobKey = (jobId: string, name: string) => `jobs/${jobId}/${name}`;
/** One line per distinct image of the job: `{"hash","recipe"}`. Written by Validate prompts, read by Plan job and Close job. */
export const recipesKey = (jobId: string) => jobKey(jobId, 'recipes.jsonl');
/** `Job`: what it was told to keep to. Resuming needs nothing but the bucket. */
export const jobFileKey = (jobId: string) => jobKey(jobId, 'job.json');
export const receiptKey = (jobId: string) => jobKey(jobId, 'receipt.json');
/** The prompts of what is missing: a prompts file. */
export const requeueKey = (jobId: string) => jobKey(jobId, 'requeue.jsonl');
export const shardKey = (jobId: string, shard: number) => jobKey(jobId, `shards/${shardNumber(shard)}.json`);
/** Shards are of no use once their job is closed: objects with this tag expire (a lifecycle rule matches no `jobs/<any>/shards/`). */
export const shardTag = { key: 'kind', value: 'shard' } as const;
export const isShardKey = (key: string) => /^jobs\/[^/]+\/shards\//.test(key);
/** Begins the keys of all attempts of one shard. */
export const attemptPrefix = (jobId: string, shard: number) => jobKey(jobId, `attempts/${shardNumber(shard)}-`);
export const attemptKey = (jobId: string, shard: number, attempt: number) =>
  jobKey(jobId, `attempts/${shardNumber(shard)}-${attempt}.json`);
/** Of an attempt that a record or a settlement names, among those of several jobs. */
export const attemptKeyOf = (of: { readonly jobId: string; readonly shard: number; readonly attempt: number }) =>
  attemptKey(of.jobId, of.shard, of.attempt);
/** How far the attempt is, as its worker says. */
export const progressKey = (jobId: string, shard: number, attempt: number) =>
  jobKey(jobId, `attempts/${shardNumber(shard)}-${attempt}.progress.json`);
export const settlementKey = (jobId: string, shard: number, attempt: number) =>
  jobKey(jobId, `attempts/${shardNumber(shard)}-${attempt}.settled.json`);
/** A time in which the shard waited, by its number: a shard may wait many times before an attempt. */
export const pauseKey = (jobId: string, shard: number, pause: number) =>
  jobKey(jobId, `attempts/${shardNumber(shard)}-${pause}.pause.json`);
/** What the pools in question cost in the days before the job. */
export const pricesKey = (jobId: string) => jobKey(jobId, 'prices.json');

/** What S3 takes as a key, and we as one that a person gave. */
export const isObjectKey = (key: string) =>
  key !== '' && key.isWellFormed() && new TextEncoder().encode(key).length <= 1024 && !/^\/|\/\/|\p{Cc}/u.test(key);
