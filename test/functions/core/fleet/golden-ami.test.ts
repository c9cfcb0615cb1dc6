import { describe, expect, it } from 'vitest';
import { planAdoption } from '../../../../functions/core/fleet/golden-ami.ts';
import { anEnvironment } from '../../../fakes/compute-environments.ts';
import { aGoldenImage } from '../../../fakes/golden-images.ts';

const [first, second, third] = [1, 2, 3].map(aGoldenImage);
const images = [1, 3, 2].map(aGoldenImage);
const current = { imageId: third?.id };
const nothing = { update: [], pending: [], remove: [] };

describe('the adoption of a golden AMI', () => {
  it('has nothing to do without an image', () => {
    expect(planAdoption([], [anEnvironment()])).toEqual(nothing);
    expect(planAdoption([], [])).toEqual(nothing);
  });

  it('removes the older images, newest first, once every environment is valid on the newest', () => {
    const environments = [anEnvironment(current), anEnvironment({ ...current, arn: 'ce-2' })];
    expect(planAdoption(images, environments)).toEqual({ ...nothing, newest: third, remove: [second, first] });
  });

  it('removes nothing where there is no environment at all', () => {
    expect(planAdoption(images, [])).toEqual({ ...nothing, newest: third });
  });

  /** What becomes of one environment beside one that is valid on the newest image. */
  it.each([
    [{ imageId: 'ami-1' }, { updates: true, waits: false }],
    [{ imageId: undefined }, { updates: true, waits: false }],
    [
      { imageId: 'ami-1', valid: false },
      { updates: true, waits: false },
    ],
    [
      { imageId: 'ami-1', settled: false },
      { updates: false, waits: true },
    ],
    [
      { imageId: 'ami-1', settled: false, valid: false },
      { updates: false, waits: true },
    ],
    [
      { ...current, valid: false },
      { updates: false, waits: true },
    ],
    [
      { ...current, valid: false, settled: false },
      { updates: false, waits: true },
    ],
  ])('with the environment %j: %j, and keeps every image', (over, { updates, waits }) => {
    const environment = anEnvironment({ arn: 'ce-2', ...over });
    expect(planAdoption(images, [anEnvironment(current), environment])).toEqual({
      newest: third,
      update: updates ? [environment] : [],
      pending: waits ? [environment] : [],
      remove: [],
    });
  });

  it('is over for an environment that is valid on the newest, also while something else of it changes', () => {
    const environment = anEnvironment({ ...current, settled: false });
    expect(planAdoption(images, [environment])).toMatchObject({ update: [], pending: [], remove: [second, first] });
  });
});
