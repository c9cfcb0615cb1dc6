import type { JobImage } from '../input/expand-prompts.ts';
import { toPromptLine } from '../input/prompt-line.ts';
import type { Recipe } from '../input/recipe.ts';
import type { AttemptRecord } from '../settle/attempt-record.ts';
import type { Settlement } from '../settle/settlement.ts';
import { attemptKeyOf, imageKey } from '../storage/keys.ts';
import { apportionUsd } from './apportion.ts';
import { type ImageReceipt, type Made, toImageReceipt } from './image-receipt.ts';

/** One image of a job: its recipe (the line is a prompt that we can read again) and what became of it. */
export interface ManifestLine extends Recipe {
  readonly hash: string;
  /** `blocked`: rendered, and kept back by the job's own safety policy. */
  readonly status: 'delivered' | 'blocked' | 'failed';
  /** Already in the bucket before this job: $0. */
  readonly reused: boolean;
  readonly key: string;
  readonly pool?: string;
  readonly seconds?: number;
  /** Its share of what the attempts cost, lost ones included: the shares add up to the receipt's total where any was rendered. */
  readonly usd?: number;
  readonly error?: string;
  readonly pixels?: Pixels;
  /** Absent: not rendered by this job. */
  readonly receipt?: ImageReceipt;
}

/** What the bits of a picture depend on beside its recipe, and their hash: where all of it is the same, the pixels are. */
export interface Pixels {
  readonly sha256: string;
  readonly device: string;
  /** Of the worker's image; absent where it ran from a folder. */
  readonly image?: string;
  readonly computeBatch: number;
  /** Absent: written by an older worker. */
  readonly decodeBatch?: number;
  readonly mode?: string;
  /** The seed that made it, where the safety policy chose another than the recipe's. */
  readonly effectiveSeed?: number;
}

export interface JobFacts {
  readonly images: readonly JobImage[];
  /** Hashes that are in the bucket now. */
  readonly present: ReadonlySet<string>;
  readonly records: readonly AttemptRecord[];
  readonly settlements: readonly Settlement[];
  /** Images that attempts of this job put into the bucket before they were lost with their records, by hash. */
  readonly unrecorded: ReadonlyMap<string, Settlement>;
}

type Missing = Pick<ManifestLine, 'status' | 'error'>;

/**
 * The workers' last word for each image that they did not deliver, by hash: kept back by the safety policy, or not
 * rendered. What was kept back once would be again.
 */
function readMissing(records: readonly AttemptRecord[]): ReadonlyMap<string, Missing> {
  const failed = records.flatMap((record) => record.failed);
  const blocked = records.flatMap((record) => record.blocked ?? []);
  return new Map<string, Missing>([
    ...failed.map(({ hash, error, message }) => [hash, { status: 'failed', error: `${error}: ${message}` }] as const),
    ...blocked.map(({ hash, reason }) => [hash, { status: 'blocked', error: `blocked: ${reason}` }] as const),
  ]);
}

const notRendered: Missing = { status: 'failed', error: 'not rendered' };

function toPixels({ width, height }: Recipe, { image, record }: Made): Pixels {
  const size = record.sizes?.[`${width}x${height}`];
  return {
    sha256: image.pixelHash,
    device: record.device,
    image: record.versions.image,
    computeBatch: image.computeBatch ?? size?.computeBatch ?? record.computeBatch,
    decodeBatch: image.decodeBatch ?? size?.decodeBatch,
    mode: image.mode ?? record.mode,
    effectiveSeed: image.effectiveSeed,
  };
}

export function toManifest(facts: JobFacts): readonly ManifestLine[] {
  const rendered = new Map(
    facts.records.flatMap((record) => record.images.map((image) => [image.hash, { image, record }] as const)),
  );
  const settlements = new Map(facts.settlements.map((settlement) => [attemptKeyOf(settlement), settlement]));
  const missing = readMissing(facts.records);
  const { unrecorded } = facts;
  const total = facts.settlements.reduce((sum, settlement) => sum + settlement.usd, 0);
  const isOurs = (hash: string) => rendered.has(hash) || unrecorded.has(hash);
  const shares = apportionUsd(
    facts.images.map(({ hash }) => Number(isOurs(hash))),
    total,
  );
  return facts.images.map(({ hash, recipe }, index): ManifestLine => {
    const made = rendered.get(hash);
    const settlement = made ? settlements.get(attemptKeyOf(made.record)) : unrecorded.get(hash);
    const pool = made?.record.pool ?? settlement?.pool;
    const usd = shares[index] ?? 0;
    const delivered = facts.present.has(hash);
    return {
      ...recipe,
      hash,
      reused: delivered && !isOurs(hash),
      key: imageKey(hash),
      pool,
      seconds: made?.image.seconds,
      usd: isOurs(hash) ? usd : delivered ? 0 : undefined,
      pixels: made && toPixels(recipe, made),
      receipt: pool === undefined ? undefined : toImageReceipt(pool, usd, { made, settlement }),
      ...(delivered ? { status: 'delivered', error: undefined } : (missing.get(hash) ?? notRendered)),
    };
  });
}

/** The prompts of what is missing, as a prompts file. */
export const toRequeue = (manifest: readonly ManifestLine[]): readonly Omit<Recipe, 'revision'>[] =>
  manifest.filter((line) => line.status === 'failed').map(toPromptLine);
