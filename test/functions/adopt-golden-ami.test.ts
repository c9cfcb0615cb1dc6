import { describe, expect, it } from 'vitest';
import { makeAdoptGoldenAmi } from '../../functions/adopt-golden-ami.ts';
import type { ComputeEnvironment, GoldenImage } from '../../functions/core/fleet/ports.ts';
import { anEnvironment, makeFakeEnvironments } from '../fakes/compute-environments.ts';
import { aGoldenImage, makeFakeImages } from '../fakes/golden-images.ts';

interface Faults {
  readonly broken?: readonly string[];
  readonly stuck?: readonly string[];
}

function setUp(found: readonly GoldenImage[], all: readonly ComputeEnvironment[], { broken, stuck }: Faults = {}) {
  const environments = makeFakeEnvironments(all, broken);
  const images = makeFakeImages(found, stuck);
  const adopt = makeAdoptGoldenAmi({ images, environments, zones: ['use1-az1'], instanceTypes: ['g6.xlarge'] });
  const imagesOf = async () => (await environments.behind([])).map(({ imageId }) => imageId);
  const ids = async () => (await images.list()).map(({ id }) => id);
  return { environments, adopt, imagesOf, ids };
}

const three = [1, 2, 3].map((number) => anEnvironment({ arn: `ce-${number}` }));

describe('adopt-golden-ami', () => {
  it('does nothing where there is no golden AMI', async () => {
    const { environments, adopt } = setUp([], three);
    expect(await adopt()).toEqual({ newest: '', updated: [], pending: [], deleted: [] });
    expect(environments.asked).toEqual([]);
  });

  it('brings every environment to the newest, whatever order AWS lists them in, and deletes nothing yet', async () => {
    const { adopt, imagesOf, ids } = setUp([aGoldenImage(2), aGoldenImage(3), aGoldenImage(1)], three);
    const updated = ['ce-1', 'ce-2', 'ce-3'];
    expect(await adopt()).toEqual({ newest: 'ami-3', updated, pending: [], deleted: [] });
    expect(await imagesOf()).toEqual(['ami-3', 'ami-3', 'ami-3']);
    expect(await ids()).toHaveLength(3);
  });

  it('deletes the older ones once every environment is valid on the newest, and is then at rest', async () => {
    const { environments, adopt, ids } = setUp([1, 2, 3].map(aGoldenImage), three);
    await adopt();
    expect(await adopt()).toMatchObject({ updated: [], pending: ['ce-1', 'ce-2', 'ce-3'], deleted: [] });
    environments.settle();
    expect(await adopt()).toEqual({ newest: 'ami-3', updated: [], pending: [], deleted: ['ami-2', 'ami-1'] });
    expect(await ids()).toEqual(['ami-3']);
    expect(await adopt()).toEqual({ newest: 'ami-3', updated: [], pending: [], deleted: [] });
  });

  it('gives a first golden AMI to environments that have none', async () => {
    const { adopt, imagesOf } = setUp([aGoldenImage(1)], [anEnvironment({ imageId: undefined })]);
    expect((await adopt()).updated).toEqual(['ce-1']);
    expect(await imagesOf()).toEqual(['ami-1']);
  });

  it('leaves an environment that changes for the next round', async () => {
    const changing = anEnvironment({ arn: 'ce-9', settled: false, valid: false });
    const { adopt, imagesOf } = setUp([aGoldenImage(1), aGoldenImage(2)], [changing, anEnvironment()]);
    expect(await adopt()).toMatchObject({ updated: ['ce-1'], pending: ['ce-9'], deleted: [] });
    expect(await imagesOf()).toEqual(['ami-1', 'ami-2']);
  });

  it('changes an invalid environment, too: its image may be what is wrong', async () => {
    const { adopt } = setUp([aGoldenImage(2)], [anEnvironment({ valid: false })]);
    expect((await adopt()).updated).toEqual(['ce-1']);
  });

  it('deletes nothing while an environment on the newest is invalid', async () => {
    const invalid = anEnvironment({ arn: 'ce-2', imageId: 'ami-2', valid: false });
    const { adopt, ids } = setUp([aGoldenImage(1), aGoldenImage(2)], [anEnvironment({ imageId: 'ami-2' }), invalid]);
    expect(await adopt()).toMatchObject({ updated: [], pending: ['ce-2'], deleted: [] });
    expect(await ids()).toHaveLength(2);
  });

  it('deletes nothing where it finds no environment', async () => {
    const { adopt, ids } = setUp([aGoldenImage(1), aGoldenImage(2)], []);
    expect((await adopt()).deleted).toEqual([]);
    expect(await ids()).toHaveLength(2);
  });

  it('goes on past an environment that fails, then says which one', async () => {
    const { adopt, imagesOf, ids } = setUp([aGoldenImage(1), aGoldenImage(2)], three, { broken: ['ce-2'] });
    await expect(adopt()).rejects.toThrow(
      /Expected the golden AMI `ami-2` .* 1 of 3 steps failed: ce-2: broken\. To fix:/,
    );
    expect(await imagesOf()).toEqual(['ami-2', 'ami-1', 'ami-2']);
    expect(await ids()).toHaveLength(2);
  });

  it('goes on past an image that stays, and names its snapshots', async () => {
    const adopted = [anEnvironment({ imageId: 'ami-3' })];
    const { adopt, ids } = setUp([1, 2, 3].map(aGoldenImage), adopted, { stuck: ['ami-2'] });
    await expect(adopt()).rejects.toThrow('1 of 2 steps failed: ami-2 with snap-2: in use.');
    expect(await ids()).toEqual(['ami-2', 'ami-3']);
  });
});
