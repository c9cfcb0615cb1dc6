import { REGION } from '../names.ts';
import type { ReadPage } from './spot-prices.ts';

/**
 * `prices: 'live'`: the same question, asked of the real EC2 with the credentials of whoever runs this.
 * Needs `ec2:DescribeSpotPriceHistory` only, which costs nothing.
 */
export function makeLivePages(): ReadPage {
  return async (form) => {
    // Loaded when it is asked for: the largest SDK client of all has no part in a start with synthetic prices.
    const { DescribeSpotPriceHistoryCommand, EC2Client } = await import('@aws-sdk/client-ec2');
    const ec2 = new EC2Client({ region: REGION });
    const all = [...form];
    const list = (name: string) => all.filter(([key]) => key.startsWith(`${name}.`)).map(([, value]) => value);
    const date = (name: string) => (form.has(name) ? new Date(String(form.get(name))) : undefined);
    const page = await ec2.send(
      new DescribeSpotPriceHistoryCommand({
        // The SDK's union of known types lags behind AWS: any name may be asked for.
        InstanceTypes: list('InstanceType') as never[],
        ProductDescriptions: ['Linux/UNIX'],
        AvailabilityZone: form.get('AvailabilityZone') ?? undefined,
        AvailabilityZoneId: form.get('AvailabilityZoneId') ?? undefined,
        StartTime: date('StartTime'),
        EndTime: date('EndTime'),
        MaxResults: Number(form.get('MaxResults')) || undefined,
        NextToken: form.get('NextToken') ?? undefined,
      }),
    );
    const changes = (page.SpotPriceHistory ?? []).map((row) => ({
      zone: { id: row.AvailabilityZoneId ?? '', name: row.AvailabilityZone ?? '' },
      instanceType: row.InstanceType ?? '',
      usdPerHour: Number(row.SpotPrice),
      at: row.Timestamp ?? new Date(0),
    }));
    return { changes, nextToken: page.NextToken ?? '' };
  };
}
