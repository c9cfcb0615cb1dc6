import { toRequeue } from '../../functions/core/receipt/manifest.ts';
import type { Bucket } from '../../functions/core/storage/bucket.ts';
import { toJsonLines } from '../../functions/core/storage/json-lines.ts';
import { requeueKey } from '../../functions/core/storage/keys.ts';
import type { PlaceFlags } from '../grammar/flags.ts';
import { say } from '../words/say.ts';
import type { JobFiles } from './job-files.ts';
import { openJob } from './open-job.ts';

export const countLeft = ({ manifest }: JobFiles) => manifest.filter((line) => line.status === 'failed').length;

/** The prompts of what is missing by now; Close job wrote what was missing then, if it was reached. */
export async function writeRequeue(bucket: Bucket, { jobId, manifest }: JobFiles): Promise<string> {
  const lines = toJsonLines(toRequeue(manifest));
  await bucket.write(requeueKey(jobId), lines);
  return lines;
}

/** `requeue JOB`: writes the requeue file and prints it; the words go to stderr, so that stdout is the file. */
export async function requeue(flags: PlaceFlags, name: string): Promise<number> {
  const { target, files } = await openJob({ command: 'requeue', ...flags }, name);
  try {
    const { jobId, manifest } = files;
    const left = countLeft(files);
    const place = `s3://${target.bucket.name}/${requeueKey(jobId)}`;
    const lines = await writeRequeue(target.bucket, files);
    const where = left ? ` They are in ${place}; \`npm start -- resume ${jobId}${target.flags}\` renders them.` : '';
    say(`${left} of ${manifest.length} images of job ${jobId} are left.${where}`);
    const object = { jobId, images: manifest.length, left, requeue: place };
    process.stdout.write(flags.json ? `${JSON.stringify(object)}\n` : lines);
    return 0;
  } finally {
    await target.close();
  }
}
