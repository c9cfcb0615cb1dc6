/** Where everything lies in the bucket. */
const shardNumber = (shard: number) => String(shard).padStart(5, '0');

export const imageKey = (hash: string) => `images/${hash}.png`;
export const thumbnailSizes = [256, 512] as const;
export const thumbnailKey = (hash: string, size: (typeof thumbnailSizes)[number]) => `thumbnails/${size}/${hash}.webp`;

export const jobKey = (jobId: string, name: string) => `jobs/${jobId}/${name}`;
/** One line per distinct image of the job: `{"hash","recipe"}`. Written by Validate prompts, read by Plan job and Close job. */
export const recipesKey = (jobId: string) => jobKey(jobId, 'recipes.jsonl');
export const shardKey = (jobId: string, shard: number) => jobKey(jobId, `shards/${shardNumber(shard)}.json`);
/** Shards are of no use once their job is closed: objects with this tag expire (a lifecycle rule matches no `jobs/<any>/shards/`). */
export const shardTag = { key: 'kind', value: 'shard' } as const;
export const isShardKey = (key: string) => /^jobs\/[^/]+\/shards\//.test(key);
export const attemptKey = (jobId: string, shard: number, attempt: number) =>
  jobKey(jobId, `attempts/${shardNumber(shard)}-${attempt}.json`);
export const settlementKey = (jobId: string, shard: number, attempt: number) =>
  jobKey(jobId, `attempts/${shardNumber(shard)}-${attempt}.settled.json`);
