import type { Picture } from './pictures.ts';

export const statuses = ['all', 'delivered', 'reused', 'failed', 'blocked'] as const;
export type Status = (typeof statuses)[number];

export interface Filter {
  /** Words, all of which must be somewhere in prompt, negative prompt, seed or error. */
  readonly search: string;
  /** Empty: any. */
  readonly model: string;
  readonly pool: string;
  readonly status: Status;
}

export function hasStatus({ status, reused }: Picture, wanted: Status): boolean {
  if (wanted === 'all') return true;
  if (wanted === 'reused') return reused === true;
  return (status ?? 'delivered') === wanted;
}

export function filterPictures(pictures: readonly Picture[], { search, model, pool, status }: Filter) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return pictures.filter(
    (picture) =>
      hasStatus(picture, status) &&
      (!model || picture.model === model) &&
      (!pool || picture.pool === pool) &&
      words.every((word) => picture.words.includes(word)),
  );
}
