import { isErrorName } from '../../functions/core/errors.ts';
import type { ManifestLine } from '../../functions/core/receipt/manifest.ts';
import type { Receipt } from '../../functions/core/receipt/receipt.ts';
import type { AttemptRecord } from '../../functions/core/settle/attempt-record.ts';
import type { Fault, Finding } from './findings.ts';
import type { EndedJob } from './storm.ts';

/** What a job left behind. */
export interface Left {
  /** Of the recipes that it was to render. */
  readonly hashes: readonly string[];
  readonly manifest: readonly ManifestLine[];
  readonly receipt?: Receipt;
  readonly requeued: number;
  readonly records: readonly AttemptRecord[];
  /** Images of the job that are in the bucket and whole. */
  readonly present: ReadonlySet<string>;
  /** Messages that were sent. */
  readonly messages: number;
}

type Say = (what: Fault, text: string) => void;

/** Holds one job against what it was asked for. */
export function checkJob(job: EndedJob, left: Left): readonly Finding[] {
  const found: Finding[] = [];
  const say: Say = (what, text) => found.push({ what, where: job.order.name, text });
  checkImages(left, say);
  checkEnd(job, left, say);
  if (left.messages === 0) say('lost', 'nobody was told of its end');
  if (left.messages > 1) say('duplicated', `${left.messages} messages tell of its end`);
  return found;
}

function checkImages({ hashes, manifest, receipt, requeued, records, present }: Left, say: Say): void {
  const lines = Map.groupBy(manifest, (line) => line.hash);
  for (const hash of hashes) {
    const of = lines.get(hash) ?? [];
    if (!of.length) say('lost', `image ${hash} has no line in the manifest`);
    if (of.length > 1) say('duplicated', `image ${hash} has ${of.length} lines in the manifest`);
  }
  for (const { hash, status, error } of manifest) {
    if (status === 'delivered' && !present.has(hash)) say('lost', `image ${hash} is delivered, and not in the bucket`);
    if (status !== 'delivered' && !error) say('lost', `image ${hash} is ${status} without a reason`);
    if (status === 'failed' && present.has(hash)) say('wrongStatus', `image ${hash} failed, and is in the bucket`);
  }
  const failed = manifest.filter((line) => line.status === 'failed').length;
  if (requeued !== failed) say('lost', `${failed} images failed, ${requeued} are in the requeue file`);
  for (const [hash, by] of Map.groupBy(
    records.flatMap((record) => record.images),
    (image) => image.hash,
  )) {
    if (by.length > 1) say('duplicated', `image ${hash} is in ${by.length} records of attempts`);
  }
  if (!receipt) {
    say('lost', 'it has no receipt');
    return;
  }
  const { images, delivered, blocked, failed: missing } = receipt;
  if (images !== hashes.length || images !== delivered + blocked + missing) {
    say('lost', `${hashes.length} images expected, ${delivered} + ${blocked} + ${missing} in the receipt`);
  }
}

function checkEnd({ order, execution }: EndedJob, { receipt, manifest }: Left, say: Say): void {
  const { status, error } = execution;
  const { expected } = order;
  const wanted =
    expected === 'delivered' ? ['SUCCEEDED'] : expected === 'stopped' ? ['ABORTED', 'SUCCEEDED'] : ['FAILED'];
  if (!wanted.includes(status ?? '')) {
    say('wrongStatus', `${status} (${error}: ${execution.cause?.slice(0, 300)}), expected ${wanted.join(' or ')}`);
  }
  if (status === 'FAILED' && error !== expected && expected !== 'delivered') {
    say('wrongStatus', `FAILED by ${error}, expected ${expected}`);
  }
  if (status === 'FAILED' && !isErrorName(error ?? ''))
    say('wrongStatus', `FAILED by \`${error}\`, which nobody named`);
  if (!receipt) return;
  if ((receipt.status === 'delivered') !== (status === 'SUCCEEDED') && status !== 'ABORTED') {
    say('wrongStatus', `${status}, and its receipt says ${receipt.status}`);
  }
  const reused = manifest.filter((line) => line.reused).length;
  const before = order.isRepeat ? manifest.length : 0;
  if (reused !== before) say('wrongStatus', `${reused} images are called rendered before, ${before} were`);
}
