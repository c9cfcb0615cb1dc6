import { z } from 'zod';
import { recipeSchema } from './recipe.ts';

/** Fields that a manifest line has beside those of a prompt: the manifest that we write is a prompts file that we read. */
export const manifestOnly: readonly string[] = [
  'revision',
  'hash',
  'status',
  'reused',
  'key',
  'pool',
  'seconds',
  'usd',
  'error',
  'pixels',
  'receipt',
];

const recipeParts = z.object({ start: recipeSchema.shape.start.unwrap(), safety: recipeSchema.shape.safety.unwrap() });

/** A recipe's `start` and `safety` as a prompt says them; what is neither stays and is refused by its name. */
function toPromptField(name: string, value: unknown): readonly (readonly [string, unknown])[] {
  const start = name === 'start' ? recipeParts.shape.start.safeParse(value).data : undefined;
  if (start) {
    return [
      ['startImage', start.image],
      ['strength', start.strength],
    ];
  }
  const safety = name === 'safety' ? recipeParts.shape.safety.safeParse(value).data : undefined;
  return [[name, safety?.policy ?? value]];
}

/** A line of a manifest or a requeue file as a prompt. */
export function toPrompt(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const isManifest = 'hash' in value;
  const fields = Object.entries(value).filter(([name]) => !isManifest || !manifestOnly.includes(name));
  return Object.fromEntries(fields.flatMap(([name, field]) => toPromptField(name, field)));
}
