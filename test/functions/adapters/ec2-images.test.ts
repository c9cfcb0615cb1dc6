import { EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { makeEc2Images } from '../../../functions/adapters/ec2-images.ts';
import { type HttpStub, type StubAnswer, startStub } from './http-stub.ts';

const volume = (snapshot: string) => `<item><ebs><snapshotId>${snapshot}</snapshotId></ebs></item>`;
const scratch = '<item><virtualName>ephemeral0</virtualName></item>';
const image = `<item><imageId>ami-1</imageId><creationDate>2026-11-01T03:00:00.000Z</creationDate><blockDeviceMapping>${volume('snap-1')}${scratch}${volume('snap-2')}</blockDeviceMapping></item>`;

describe('the golden AMIs on EC2', () => {
  let stub: HttpStub | undefined;
  afterEach(() => stub?.stop());
  async function imagesThat(answer: (action: string | null) => StubAnswer) {
    stub = await startStub(({ body }) => answer(new URLSearchParams(body).get('Action')));
    return makeEc2Images(new EC2Client(stub.client));
  }
  const sent = () => (stub?.requests ?? []).map(({ body }) => Object.fromEntries(new URLSearchParams(body)));

  it('are our own, ready, and carry our tag', async () => {
    const body = `<DescribeImagesResponse><imagesSet>${image}</imagesSet></DescribeImagesResponse>`;
    expect(await (await imagesThat(() => ({ body }))).list()).toEqual([
      { id: 'ami-1', createdAt: '2026-11-01T03:00:00.000Z', snapshotIds: ['snap-1', 'snap-2'] },
    ]);
    expect(sent()[0]).toMatchObject({
      Action: 'DescribeImages',
      'Owner.1': 'self',
      'Filter.1.Name': 'tag:spot-diffusion',
      'Filter.1.Value.1': 'golden-ami',
      'Filter.2.Name': 'state',
      'Filter.2.Value.1': 'available',
    });
  });

  const old = { id: 'ami-1', createdAt: '', snapshotIds: ['snap-1', 'snap-2'] };

  it('go before their snapshots', async () => {
    await (await imagesThat((action) => ({ body: `<${action}Response/>` }))).remove(old);
    expect(sent()).toMatchObject([
      { Action: 'DeregisterImage', ImageId: 'ami-1' },
      { Action: 'DeleteSnapshot', SnapshotId: 'snap-1' },
      { Action: 'DeleteSnapshot', SnapshotId: 'snap-2' },
    ]);
  });

  it('keep their snapshots where they stay', async () => {
    const body = '<Response><Errors><Error><Code>InvalidAMIID.Unavailable</Code></Error></Errors></Response>';
    await expect((await imagesThat(() => ({ status: 400, body }))).remove(old)).rejects.toThrow();
    expect(sent()).toHaveLength(1);
  });
});
