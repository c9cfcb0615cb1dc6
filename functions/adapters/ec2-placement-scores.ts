import { type EC2Client, paginateGetSpotPlacementScores } from '@aws-sdk/client-ec2';
import type { PlacementScore } from '../core/market/outlook.ts';
import type { PlacementScores } from '../core/market/ports.ts';

/** For one instance in one zone of this region. AWS names zones by their id alone, and limits new sets of types a day. */
export function makeEc2PlacementScores(client: EC2Client, region: string): PlacementScores {
  return {
    ofZones: async (instanceTypes) => {
      const request = {
        InstanceTypes: [...instanceTypes],
        TargetCapacity: 1,
        SingleAvailabilityZone: true,
        RegionNames: [region],
      };
      const found: PlacementScore[] = [];
      for await (const page of paginateGetSpotPlacementScores({ client }, request)) {
        for (const { AvailabilityZoneId: azId, Score: score } of page.SpotPlacementScores ?? []) {
          if (azId && score) found.push({ azId, score });
        }
      }
      return found;
    },
  };
}
