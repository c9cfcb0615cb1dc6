import { describe, expect, it } from 'vitest';
import type { Quote } from '../../../../functions/core/pick/quote.ts';
import { cutPilots } from '../../../../functions/core/plan/cut-pilots.ts';
import { aBigRecipe, aQuote, images } from '../../../fakes/builders.ts';

const quote = (instanceType: string, usd: number): Quote =>
  aQuote({ pool: { azId: 'use1-az1', instanceType, market: 'spot' }, usd });
const big = images(50, aBigRecipe());
const tiny = images(40);

describe('cutPilots', () => {
  it('gives the first images of a model to its pilots, sixteen each, and keeps the rest in order', () => {
    const cut = cutPilots('job-1', big, () => [quote('g4dn.xlarge', 0.0412345678), quote('g6e.xlarge', 0.08)]);
    expect(cut.pilots).toEqual([
      { shard: 0, instanceType: 'g4dn.xlarge', images: 16, usd: 0.041235 },
      { shard: 1, instanceType: 'g6e.xlarge', images: 16, usd: 0.08 },
    ]);
    expect(cut.shards).toEqual([
      { version: 1, jobId: 'job-1', shard: 0, model: 'sd-1.5', revision: '0123456789ab', images: big.slice(0, 16) },
      { version: 1, jobId: 'job-1', shard: 1, model: 'sd-1.5', revision: '0123456789ab', images: big.slice(16, 32) },
    ]);
    expect(cut.rest).toEqual(big.slice(32));
  });

  it('asks for the pilots of each model', () => {
    const cut = cutPilots('job-1', [...tiny, ...big], (model) => (model === 'sd-1.5' ? [quote('g5.xlarge', 0.1)] : []));
    expect(cut.shards.map(({ shard, model, images: part }) => [shard, model, part.length])).toEqual([
      [0, 'sd-1.5', 16],
    ]);
    expect(cut.rest).toEqual([...tiny, ...big.slice(16)]);
  });

  it('makes no empty shard where images run out', () => {
    const cut = cutPilots('job-1', big.slice(0, 20), () => ['a', 'b', 'c'].map((name) => quote(name, 1)));
    expect(cut.pilots.map((pilot) => pilot.images)).toEqual([16, 4]);
    expect(cut.rest).toEqual([]);
  });
});
