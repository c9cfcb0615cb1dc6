import type { AttemptRecord } from './attempt-record.ts';
import type { JobImage } from './expand-prompts.ts';
import { imageKey } from './keys.ts';
import type { Recipe } from './recipe.ts';
import type { Settlement } from './settlement.ts';

/** One image of a job: its recipe (the line is a prompt that we can read again) and what became of it. */
export interface ManifestLine extends Recipe {
  readonly hash: string;
  readonly status: 'delivered' | 'failed';
  /** Already in the bucket before this job: $0. */
  readonly reused: boolean;
  readonly key: string;
  readonly pool?: string;
  readonly seconds?: number;
  /** Its share of what the attempts cost, lost ones included. */
  readonly usd?: number;
  readonly error?: string;
}

export interface JobFacts {
  readonly images: readonly JobImage[];
  /** Hashes that are in the bucket now. */
  readonly present: ReadonlySet<string>;
  readonly records: readonly AttemptRecord[];
  readonly settlements: readonly Settlement[];
}

/** The worker's word for an image that it could not render. */
function failureOf(hash: string, records: readonly AttemptRecord[]): string | undefined {
  const failed = records.flatMap((record) => record.failed).findLast((failure) => failure.hash === hash);
  return failed && `${failed.error}: ${failed.message}`;
}

export function toManifest(facts: JobFacts): readonly ManifestLine[] {
  const rendered = new Map(
    facts.records.flatMap((record) => record.images.map((image) => [image.hash, { image, record }] as const)),
  );
  const total = facts.settlements.reduce((sum, settlement) => sum + settlement.usd, 0);
  const share = rendered.size ? total / rendered.size : 0;
  return facts.images.map(({ hash, recipe }): ManifestLine => {
    const made = rendered.get(hash);
    const delivered = facts.present.has(hash);
    return {
      ...recipe,
      hash,
      status: delivered ? 'delivered' : 'failed',
      reused: delivered && !made,
      key: imageKey(hash),
      pool: made?.record.pool,
      seconds: made?.image.seconds,
      usd: made ? share : delivered ? 0 : undefined,
      error: delivered ? undefined : (failureOf(hash, facts.records) ?? 'not rendered'),
    };
  });
}

/** The prompts of what is missing, as a prompts file: the revision is left to the model's registry. */
export function toRequeue(manifest: readonly ManifestLine[]): readonly Omit<Recipe, 'revision'>[] {
  return manifest
    .filter((line) => line.status === 'failed')
    .map(({ prompt, negativePrompt, seed, model, width, height, steps, guidance, scheduler, loras }) => ({
      prompt,
      negativePrompt,
      seed,
      model,
      width,
      height,
      steps,
      guidance,
      scheduler,
      loras,
    }));
}

export const toJsonLines = (lines: readonly unknown[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
