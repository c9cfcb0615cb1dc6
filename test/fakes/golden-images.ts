import type { GoldenImage, GoldenImages } from '../../functions/core/fleet/ports.ts';

export const aGoldenImage = (number: number): GoldenImage => ({
  id: `ami-${number}`,
  createdAt: `2026-11-${String(number).padStart(2, '0')}T03:00:00.000Z`,
  snapshotIds: [`snap-${number}`],
});

/** @param stuck images that can't be removed */
export function makeFakeImages(initial: readonly GoldenImage[], stuck: readonly string[] = []): GoldenImages {
  let all = [...initial];
  return {
    list: async () => all,
    remove: async ({ id }) => {
      if (stuck.includes(id)) throw new Error('in use');
      if (!all.some((image) => image.id === id)) throw new TypeError(`Expected \`${id}\` to be there, it is not`);
      all = all.filter((image) => image.id !== id);
    },
  };
}
