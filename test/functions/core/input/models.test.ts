import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findModel, modelIds, modelSchema, renderedModelIds } from '../../../../functions/core/input/models.ts';
import { type InstanceType, instanceTypes } from '../../../../functions/core/market/instance-types.ts';
import { listPools } from '../../../../functions/core/market/pools.ts';
import { rankPools } from '../../../../functions/core/pick/rank-pools.ts';
import { describeWork } from '../../../../functions/core/pick/work.ts';
import { makeValidatePrompts } from '../../../../functions/validate-prompts.ts';
import classifier from '../../../../models/safety-classifier.json' with { type: 'json' };
import { makeFakeBucket } from '../../../fakes/bucket.ts';
import { aRecipe, outlookOf, startedAt } from '../../../fakes/builders.ts';
import { makeFakeClaims } from '../../../fakes/claims.ts';

describe('the registry', () => {
  it('holds every model that lies in `models`, and the worker renders each of them', () => {
    const folder = new URL('../../../../models/', import.meta.url);
    const files = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== 'safety-classifier.json');
    expect(modelIds.map((id) => `${id}.json`).sort()).toEqual(files.sort());
    expect(renderedModelIds).toEqual(modelIds);
    expect(findModel('unknown')).toBeUndefined();
    expect(findModel('__proto__')).toBeUndefined();
  });

  it.each(modelIds)('%s has defaults that it takes itself', (id) => {
    const model = findModel(id);
    if (!model) throw new Error('Expected a model');
    const { size, steps, guidance, weightsGib, vramGib } = model;
    expect(model.id).toBe(id);
    expect(size.min).toBeLessThanOrEqual(size.default);
    expect(size.default).toBeLessThanOrEqual(size.max);
    for (const side of [size.min, size.default, size.max]) expect(side % size.step).toBe(0);
    expect(size.step % 8).toBe(0);
    expect(steps).toBeGreaterThan(0);
    expect(steps).toBeLessThanOrEqual(150);
    expect(guidance).toBeGreaterThanOrEqual(0);
    expect(guidance).toBeLessThanOrEqual(30);
    expect(vramGib).toBeGreaterThan(weightsGib);
    expect(model.revision).toMatch(id === 'tiny' ? /^[0-9a-f]{12}$/ : /^[0-9a-f]{40}$/);
  });

  it.each(modelIds)('%s names the page of its own repository where something is to be accepted first', (id) => {
    const model = findModel(id);
    if (model?.gate) expect(model.gate.page.endsWith(`/${model.home}`)).toBe(true);
    expect(Boolean(model?.gate)).toBe(['sd-3.5-medium', 'flux-schnell', 'flux-dev'].includes(id));
  });

  it('holds as rendered what the worker has a loader for', () => {
    const pipelines = [...readFileSync('container/worker/kinds.py', 'utf8').matchAll(/^ {4}"(\w+)": Kind\(/gm)];
    const loaded = pipelines.map(([, name]) => name);
    for (const id of modelIds) {
      expect(loaded.includes(findModel(id)?.pipeline), id).toBe(findModel(id)?.renders);
    }
  });

  it.each([
    { schedulers: [] },
    { schedulers: ['heun'] },
    { weightsGib: 0 },
    { pipeline: 'PixArtAlphaPipeline' },
    { gate: { page: 'no address', accept: 'x' } },
    { renders: undefined },
    { size: { default: 64, min: 64, max: 128 } },
    { comment: 'x' },
  ])('refuses an entry with %j', (change) => {
    expect(modelSchema.safeParse(findModel('tiny')).success).toBe(true);
    expect(modelSchema.safeParse({ ...findModel('tiny'), ...change }).success).toBe(false);
  });
});

/** The instance types whose GPU has the memory for a picture of `side` pixels. */
function listWithMemory(id: string, side: number, types: readonly InstanceType[]): readonly string[] {
  const work = describeWork([aRecipe({ model: id, width: side, height: side })]);
  if (!work) throw new Error('Expected work');
  const pools = listPools(
    [],
    types.map(({ name }) => name),
  );
  const { rejected } = rankPools(work, pools, outlookOf({ types }), { onDemand: 'fallback' });
  const refused = rejected.flatMap(({ id: pool, kind }) => (kind === 'memory' ? [pool] : []));
  return types.map(({ name }) => name).filter((name) => !refused.includes(`any/${name}/on-demand`));
}

describe('the memory of a GPU', () => {
  const small = { gpu: 'RTX PRO 4500', vcpus: 8, memoryGib: 32 };

  it.each(['flux-schnell', 'flux-dev'])('is 40 GB at least for %s, at its smallest and at its largest size', (id) => {
    const size = findModel(id)?.size;
    if (!size) throw new Error('Expected a size');
    // 32 GB on the box, and the 40 GB of an A100, which are 39.4 GiB to a process.
    const types = [
      ...instanceTypes,
      { ...small, name: 'g7.2xlarge', vramGib: 31.6 },
      { ...small, name: 'p4d.24xlarge', gpu: 'A100', vramGib: 39.4 },
    ];
    for (const side of [size.min, size.default, size.max]) {
      expect(listWithMemory(id, side, types)).toEqual([
        'g6e.xlarge',
        'g6e.2xlarge',
        'g7e.2xlarge',
        'p5.4xlarge',
        'p4d.24xlarge',
      ]);
    }
  });

  it('is that of every type for Stable Diffusion 1.5, and of all but a T4 for Stable Diffusion 3.5', () => {
    const names = instanceTypes.map(({ name }) => name);
    expect(listWithMemory('sd-1.5', 512, instanceTypes)).toEqual(names);
    expect(listWithMemory('sd-3.5-medium', 1024, instanceTypes)).toEqual(names.filter((name) => !/^g4dn/.test(name)));
  });
});

describe('the classifier of pictures', () => {
  const worker = readFileSync('container/worker/checkers.py', 'utf8');
  const constant = (name: string) => new RegExp(`^${name} = "([^"]+)"$`, 'm').exec(worker)?.[1];

  it('is the one that the worker looks for in the bucket', () => {
    expect([constant('CLASSIFIER'), constant('CLASSIFIER_REVISION')]).toEqual([classifier.id, classifier.revision]);
    expect(classifier.revision).toMatch(/^[0-9a-f]{40}$/);
    expect(worker).toContain(`${classifier.pipeline}.from_pretrained(`);
  });

  it('may be used by everybody: no gate, a licence without conditions on use', () => {
    expect(classifier).toMatchObject({ gate: null, licence: 'Apache-2.0' });
  });

  it('renders nothing: it is no model of the registry', () => {
    expect(modelIds).not.toContain(classifier.id);
    expect(findModel(classifier.id)).toBeUndefined();
    expect(modelSchema.safeParse(classifier).success).toBe(false);
  });

  it.each([
    { prompt: 'a cat', model: classifier.id },
    { prompts: ['a dog', { prompt: 'a cat', model: classifier.id }] },
  ])('is refused by Validate prompts where a job asks for it: %j', async (input) => {
    const validate = makeValidatePrompts({ bucket: makeFakeBucket(), claims: makeFakeClaims(), defaultModel: 'tiny' });
    const known = renderedModelIds.map((id) => `\`${id}\``).join(', ');
    await expect(validate({ jobId: 'job-1', startedAt, input })).rejects.toThrow(
      `to be one of ${known}, got \`${classifier.id}\``,
    );
  });
});
