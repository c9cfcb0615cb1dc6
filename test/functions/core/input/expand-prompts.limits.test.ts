import { describe, expect, it } from 'vitest';
import { expandPrompts } from '../../../../functions/core/input/expand-prompts.ts';
import type { PromptItem } from '../../../../functions/core/input/job-input.ts';
import { limits } from '../../../../functions/core/input/parts.ts';
import { imageLimit } from '../../../../functions/core/input/prompt-recipes.ts';

const expand = (items: readonly PromptItem[]) => expandPrompts(items, {}, { defaultModel: 'tiny', pathOf: () => [] });

describe('expandPrompts', () => {
  const ten = '{0|1|2|3|4|5|6|7|8|9}';

  it('refuses more images than a job may have, and more than one prompt may', () => {
    const most = (limit: number, where: string) => ({
      path: 'input',
      message: `Expected at most ${limit} images ${where}, got more: split it`,
    });
    const options = { defaultModel: 'tiny', pathOf: () => [], limit: 10 };
    const { problems } = expandPrompts([{ prompt: ten }, { prompt: 'one more' }], {}, options);
    expect(problems).toEqual([most(10, 'in one job')]);
    expect(expandPrompts([{ prompt: ten }], {}, options).problems).toEqual([]);
    expect(expand([{ prompt: ten, count: 10_001 }]).problems).toEqual([most(imageLimit, 'of one prompt')]);
  });

  it('takes a million images in a job', () => {
    expect(limits.imagesPerJob).toBe(1_000_000);
    expect(expand([{ prompt: 'one more' }, { prompt: ten, count: 10_000 }])).toMatchObject({ count: 100_001 });
  });

  it('takes a prompt of exactly 100,000 images', () => {
    expect(imageLimit).toBe(100_000);
    expect(expand([{ prompt: ten, count: 10_000 }])).toMatchObject({ images: { length: 100_000 }, problems: [] });
  });
});
