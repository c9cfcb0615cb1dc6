import { EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { makeEc2PlacementScores } from '../../../functions/adapters/ec2-placement-scores.ts';
import { type HttpStub, startStub } from './http-stub.ts';

const item = (azId: string, score: number | '') =>
  `<item><region>us-east-1</region>${azId && `<availabilityZoneId>${azId}</availabilityZoneId>`}${score && `<score>${score}</score>`}</item>`;

describe('placement scores on EC2', () => {
  let stub: HttpStub | undefined;
  afterEach(() => stub?.stop());

  async function scoresOf(items: string) {
    stub = await startStub(() => ({
      body: `<GetSpotPlacementScoresResponse><spotPlacementScoreSet>${items}</spotPlacementScoreSet></GetSpotPlacementScoresResponse>`,
    }));
    return makeEc2PlacementScores(new EC2Client(stub.client), 'us-east-1').ofZones(['a', 'b', 'c']);
  }

  it('are those of single zones of the region, for one instance of any type', async () => {
    expect(await scoresOf(item('use1-az1', 9) + item('use1-az2', 3))).toEqual([
      { azId: 'use1-az1', score: 9 },
      { azId: 'use1-az2', score: 3 },
    ]);
    expect(Object.fromEntries(new URLSearchParams(stub?.requests[0]?.body))).toMatchObject({
      Action: 'GetSpotPlacementScores',
      'InstanceType.1': 'a',
      'InstanceType.3': 'c',
      TargetCapacity: '1',
      SingleAvailabilityZone: 'true',
      'RegionName.1': 'us-east-1',
    });
  });

  it('pass over a row without a zone or a score', async () => {
    expect(await scoresOf(item('', 9) + item('use1-az2', '') + item('use1-az1', 1))).toEqual([
      { azId: 'use1-az1', score: 1 },
    ]);
  });

  it('hand on the limit of new sets a day', async () => {
    stub = await startStub(() => ({
      status: 400,
      body: '<Response><Errors><Error><Code>MaxConfigLimitExceeded</Code></Error></Errors></Response>',
    }));
    await expect(makeEc2PlacementScores(new EC2Client(stub.client), 'r').ofZones(['a'])).rejects.toThrow();
  });
});
