import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';

export const schedulerNames = ['ddim', 'euler', 'euler-a', 'dpmpp-2m', 'dpmpp-2m-karras', 'pndm'] as const;

/** The longest prompt in characters. SD and SDXL read all of it; SD 3.5 and FLUX [schnell] the first 256 tokens, FLUX [dev] 512. */
export const promptLimit = 2000;

/** Half a character has no UTF-8, and a control character no glyph; line breaks and tabs are text. */
export const isText = (text: string) => text.isWellFormed() && !/[^\P{Cc}\t\n\r]/u.test(text);

const notText = { error: 'a text without control characters and halves of characters' };

export const promptField = z
  .string()
  .max(promptLimit)
  .refine(isText, notText)
  .transform((text) => text.normalize('NFC').trim())
  .pipe(z.string().min(1));

export const loraSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'a name of lower-case letters, digits, `.`, `_` and `-`'),
  weight: z.number().min(-2).max(2).default(1),
});

const side = z.int().min(64).max(2048).multipleOf(8);

/** The fields of a recipe that a job or a single prompt may set. All optional: the model has a default for each. */
export const recipeFields = {
  model: z.string().optional(),
  negativePrompt: z
    .string()
    .max(promptLimit)
    .refine(isText, notText)
    .transform((text) => text.normalize('NFC').trim())
    .optional(),
  seed: z.int().min(0).max(0xffffffff).optional(),
  width: side.optional(),
  height: side.optional(),
  steps: z.int().min(1).max(150).optional(),
  guidance: z.number().min(0).max(30).optional(),
  scheduler: z.enum(schedulerNames).optional(),
  loras: z.array(loraSchema).max(4).optional(),
  /** A picture to start from, `s3://<our bucket>/<key>`. */
  startImage: z.string().min(1).max(2000).optional(),
  /** How far from the start image: the share of the steps that is drawn. 0 would draw nothing. */
  strength: z.number().min(0.01).max(1).optional(),
  /** What happens to a picture that the checker flags. */
  safety: z.enum(['off', 'block', 'reseed']).optional(),
};

/** The picture that an image starts from: its bytes are part of the recipe by their hash. */
const startSchema = z.strictObject({
  image: z.string().regex(/^s3:\/\/[^/]+\/.+$/, 'an `s3://` URI'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'),
  strength: z.number().gt(0).max(1),
});

/** `reseed`: a flagged picture is drawn again, at most `tries` times, with seeds that follow from the recipe's. */
const safetySchema = z.discriminatedUnion('policy', [
  z.strictObject({ policy: z.enum(['off', 'block']) }),
  z.strictObject({ policy: z.literal('reseed'), tries: z.int().min(1).max(10) }),
]);

export type Safety = Readonly<z.infer<typeof safetySchema>>;

/** What a job asks for as the recipe says it: nothing for the default. */
export function toSafety(asked: 'off' | 'block' | 'reseed' | undefined): Safety | undefined {
  if (asked === 'reseed') return { policy: 'reseed', tries: 3 };
  return asked === 'off' ? { policy: 'off' } : undefined;
}

/** Everything that determines one image. Units: pixels, denoising steps, classifier-free guidance scale. */
export const recipeSchema = z.strictObject({
  prompt: z.string().min(1).max(promptLimit),
  negativePrompt: z.string().max(promptLimit),
  seed: z.int().min(0).max(0xffffffff),
  model: z.string(),
  revision: z.string(),
  width: side,
  height: side,
  steps: z.int().min(1).max(150),
  guidance: z.number().min(0).max(30),
  scheduler: z.enum(schedulerNames),
  loras: z.array(z.strictObject({ name: z.string(), weight: z.number() })),
  /** Absent, not null, in all recipes without one: their hashes are older than the field. */
  start: startSchema.optional(),
  /** Absent: `block`. */
  safety: safetySchema.optional(),
});

export type Recipe = Readonly<z.infer<typeof recipeSchema>>;

interface Steps {
  readonly steps: number;
  readonly start?: { readonly strength: number };
}

/** What an image takes grows with these: from a start image the last of its steps alone, rounded down as diffusers does. */
export const stepsDrawn = ({ steps, start }: Steps) => Math.floor(steps * (start?.strength ?? 1));

/**
 * RFC 8785 (JSON Canonicalization Scheme): the same bytes in TypeScript and, by the package `rfc8785`, in Python. Said or
 * not, the default policy is the same recipe.
 */
export function canonicalRecipe(recipe: Recipe): string {
  const text = canonicalize(recipe?.safety?.policy === 'block' ? { ...recipe, safety: undefined } : recipe);
  if (text === undefined) throw new TypeError('Expected a recipe to have a canonical form');
  return text;
}

/** The image's name: lower-case hex SHA-256 of the canonical recipe in UTF-8. */
export function hashRecipe(recipe: Recipe): string {
  return createHash('sha256').update(canonicalRecipe(recipe), 'utf8').digest('hex');
}
