import type { ComputeEnvironment, GoldenImage } from './ports.ts';

export interface Adoption {
  readonly newest?: GoldenImage;
  /** Environments that take the newest image now. */
  readonly update: readonly ComputeEnvironment[];
  /** Those that must wait for the next round: they change, or are not valid. */
  readonly pending: readonly ComputeEnvironment[];
  /** Images that nobody uses any more: only when every environment is valid on the newest. */
  readonly remove: readonly GoldenImage[];
}

/** What is left to do until every environment starts from the newest image, and only that image is kept. */
export function planAdoption(images: readonly GoldenImage[], environments: readonly ComputeEnvironment[]): Adoption {
  const [newest, ...older] = images.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  if (!newest) return { update: [], pending: [], remove: [] };
  const others = environments.filter(({ imageId }) => imageId !== newest.id);
  const pending = environments.filter(({ settled, valid, imageId }) => (imageId === newest.id ? !valid : !settled));
  // No environment at all is no proof that nobody uses an image: their queues may be on their way.
  const isAdopted = environments.length > 0 && !others.length && !pending.length;
  return { newest, update: others.filter(({ settled }) => settled), pending, remove: isAdopted ? older : [] };
}
