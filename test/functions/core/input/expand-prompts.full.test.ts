import { describe, expect, it } from 'vitest';
import { makeExpander } from '../../../../functions/core/input/expand-prompts.ts';
import type { JobInput } from '../../../../functions/core/input/job-input.ts';
import { mostProblems } from '../../../../functions/core/input/prompts-file.ts';

describe('an expander that has enough', () => {
  const items = (count: number) => Array.from({ length: count }, (_, seed) => ({ prompt: 'a', seed }));
  const open = (limit?: number, job: Partial<JobInput> = {}) =>
    makeExpander(job, { defaultModel: 'tiny', pathOf: (index) => ['prompts', index], limit });

  it('takes as many images as a job may have, and none beyond', () => {
    const expander = open(3);
    expect(expander.add(items(3))).toHaveLength(3);
    expect(expander.isFull()).toBe(false);
    expect(expander.end().problems).toEqual([]);
    expect(expander.add([{ prompt: 'b' }, { prompt: 'c' }])).toEqual([]);
    expect(expander.isFull()).toBe(true);
    expect(expander.end().problems.map(({ message }) => message)).toEqual([
      'Expected at most 3 images in one job, got more: split it',
    ]);
  });

  it('looks at no more prompts once it has ten thousand problems', () => {
    const expander = open();
    const odd = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({ prompt: 'a', model: `model-${from + index}` }));
    expander.add(odd(0, mostProblems - 1));
    expect(expander.isFull()).toBe(false);
    expander.add(odd(20_000, 1));
    expect(expander.isFull()).toBe(true);
    expander.add(odd(30_000, 5));
    expect(expander.end().problems).toHaveLength(mostProblems);
  });

  it('takes the prompts of a part as they are: its job has drawn them', () => {
    const partOf = { jobId: 'night' };
    const [image] = open(undefined, { partOf }).add([{ prompt: 'a {red|blue} hut' }]);
    expect(image?.recipe.prompt).toBe('a {red|blue} hut');
  });
});
