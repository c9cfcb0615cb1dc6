import { createHash } from 'node:crypto';
import { InvalidJob } from '../errors.ts';
import type { Bucket } from '../storage/bucket.ts';
import { isObjectKey } from '../storage/keys.ts';
import { isClipModel } from './check-prompt.ts';
import type { JobInput, PromptItem } from './job-input.ts';
import type { Model } from './models.ts';
import type { Problem } from './problems.ts';
import { type Recipe, stepsDrawn } from './recipe.ts';

/**
 * Start images (img2img). The one that a job names is copied to a key that is its hash, and the recipe names the copy: the
 * same picture is the same recipe under whatever name, nobody can change it afterwards, and the worker reads one prefix.
 */
export const startImageKey = (sha256: string) => `start-images/${sha256}`;
const defaultStrength = 0.6;
/** A picture of 8,000 x 8,000 pixels as JPEG; it goes through the memory of a Lambda. */
export const startImageLimit = 32 * 2 ** 20;
/** Pictures in memory at once. */
const atOnce = 8;

export interface StartImage {
  /** `s3://` of the copy */
  readonly image: string;
  readonly sha256: string;
}

/** By the URI that the job gives. */
export type StartImages = ReadonlyMap<string, StartImage>;

/** One byte more than a picture may have says that it has too many; a film of gigabytes never fills the memory. */
const readPicture = (bucket: Bucket, key: string) => bucket.readBytes(key, startImageLimit + 1);

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** By the first bytes: a text or a film is refused here, a picture that is broken further on is refused by the worker. */
function isPicture(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  return head.startsWith('\x89PNG') || head.startsWith('\xff\xd8\xff') || /^RIFF.{4}WEBP/s.test(head);
}

function judge(uri: string, bytes: Uint8Array | undefined): string | undefined {
  if (!bytes) return `to exist, found nothing at \`${uri}\``;
  if (bytes.length > startImageLimit) return `to have at most ${startImageLimit} bytes, got more at \`${uri}\``;
  return isPicture(bytes) ? undefined : `to be a PNG, JPEG or WebP picture, got something else at \`${uri}\``;
}

async function readOne(uri: string, bucket: Bucket): Promise<{ sha256?: string; problem?: string }> {
  const prefix = `s3://${bucket.name}/`;
  const key = uri.slice(prefix.length);
  if (!uri.startsWith(prefix) || !isObjectKey(key)) return { problem: `to be \`${prefix}\` and a key, got \`${uri}\`` };
  const bytes = await readPicture(bucket, key);
  const problem = judge(uri, bytes);
  return problem || !bytes ? { problem } : { sha256: hash(bytes) };
}

async function inTurns<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  for (let first = 0; first < items.length; first += atOnce) {
    await Promise.all(items.slice(first, first + atOnce).map(act));
  }
}

/** A strength of the job that nothing can use. */
export const checkJobStrength = (
  { strength }: Pick<JobInput, 'strength'>,
  hasStartImages: boolean,
): readonly Problem[] =>
  strength === undefined || hasStartImages
    ? []
    : [{ path: 'strength', message: 'Expected `strength` to come with `startImage`, got it alone' }];

/** The start images of a job, each read once however many prompts name it. */
export function makeStartReader(bucket: Bucket) {
  const starts = new Map<string, StartImage>();
  const seen = new Set<string>();
  return {
    starts,
    /** Reads those that are new; what is wrong with them. */
    read: async (items: readonly Pick<PromptItem, 'startImage'>[]): Promise<readonly Problem[]> => {
      const uris = new Set(items.flatMap(({ startImage }) => startImage ?? []));
      const fresh = [...uris].filter((uri) => !seen.has(uri));
      const problems: Problem[] = [];
      await inTurns(fresh, async (uri) => {
        seen.add(uri);
        const { sha256, problem } = await readOne(uri, bucket);
        if (sha256) starts.set(uri, { image: `s3://${bucket.name}/${startImageKey(sha256)}`, sha256 });
        if (problem) problems.push({ path: 'startImage', message: `Expected \`startImage\` ${problem}` });
      });
      return problems;
    },
    /** Once all prompts are read. */
    checkStrength: (job: Pick<JobInput, 'strength'>) => checkJobStrength(job, seen.size > 0),
  };
}

/** Copies what is not there yet. Throws InvalidJob where a picture changed since it was read: its recipe would be a lie. */
export async function keepStartImages(starts: StartImages, bucket: Bucket): Promise<void> {
  const byHash = new Map([...starts].map(([uri, { sha256 }]) => [sha256, uri]));
  await inTurns([...byHash], async ([sha256, uri]) => {
    if (await bucket.exists(startImageKey(sha256))) return;
    const bytes = await readPicture(bucket, uri.slice(`s3://${bucket.name}/`.length));
    if (!bytes || hash(bytes) !== sha256) {
      throw new InvalidJob(
        `Expected \`startImage\` to stay as it was, \`${uri}\` changed meanwhile. Nothing was rendered.`,
      );
    }
    await bucket.writeOnce(startImageKey(sha256), bytes);
  });
}

/** The recipe's part; absent where the prompt has none, or where it could not be read (which is a problem already). */
export function toStart(item: PromptItem, starts: StartImages): Recipe['start'] {
  const found = item.startImage === undefined ? undefined : starts.get(item.startImage);
  return found && { ...found, strength: item.strength ?? defaultStrength };
}

/** What does not fit the model or the steps. `item` holds the job's defaults, `own` what the prompt says itself. */
export function checkStart(
  item: PromptItem,
  own: PromptItem,
  { model, steps, at }: { readonly model: Model; readonly steps: number; readonly at: (field: string) => string },
): readonly Problem[] {
  const problem = (field: string, text: string) => [{ path: at(field), message: `Expected \`${at(field)}\` ${text}` }];
  if (item.startImage === undefined) {
    return own.strength === undefined ? [] : problem('strength', 'to come with `startImage`, got it alone');
  }
  if (!isClipModel(model)) {
    return problem('startImage', `to be absent for the model \`${model.id}\`: SD and SDXL alone start from a picture`);
  }
  const strength = item.strength ?? defaultStrength;
  if (stepsDrawn({ steps, start: { strength } }) >= 1) return [];
  return problem(
    'strength',
    `to leave at least one of ${steps} steps, got \`${strength}\`. To fix: raise it or \`steps\``,
  );
}
