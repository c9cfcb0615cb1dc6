import type { Bucket } from '../../functions/core/storage/bucket.ts';

const subjects = ['lighthouse', 'fox', 'harbour', 'forest', 'teapot', 'market', 'glacier', 'owl'];
const lights = ['at dawn', 'under neon light', 'in fog', 'by candlelight', 'after rain', 'at noon'];

/** A line of usual length; no two recipes are equal, neither in a run nor between runs. */
const toLine = (run: string, index: number) =>
  JSON.stringify({
    prompt:
      `a ${subjects[index % subjects.length]} ${lights[index % lights.length]}, detailed oil painting, ` +
      `muted colours, wide shot, number ${index} of ${run}`,
    seed: index,
  });

/** Writes a prompts file into the bucket. Its URI. */
export async function uploadPrompts(bucket: Bucket, run: string, count: number): Promise<string> {
  const key = `prompts/${run}.jsonl`;
  const lines = Array.from({ length: count }, (_, index) => `${toLine(run, index)}\n`);
  await bucket.write(key, lines.join(''));
  return `s3://${bucket.name}/${key}`;
}
