import type { AdvisorBand } from './outlook.ts';

/** The day of the bundled bands. */
export const advisorAsOf = '2025-06-28';

type Band = AdvisorBand['band'];

/**
 * AWS Spot Instance Advisor, "frequency of interruption", Linux, for the types of our table that it had. Published by AWS
 * at spot-bid-advisor.s3.amazonaws.com/spot-advisor-data.json, as of `advisorAsOf` by way of
 * github.com/alexei-led/spotinfo (Apache-2.0). A month's average over a whole region: a prior, which the ledger outweighs.
 */
const bands: Readonly<Record<string, Readonly<Record<string, Band>>>> = {
  'us-east-1': {
    'g4dn.xlarge': 3,
    'g4dn.2xlarge': 4,
    'g5.xlarge': 4,
    'g5.2xlarge': 3,
    'g6.xlarge': 4,
    'g6.2xlarge': 4,
    'g6e.xlarge': 1,
    'g6e.2xlarge': 2,
  },
  'us-west-2': {
    'g4dn.xlarge': 4,
    'g4dn.2xlarge': 4,
    'g5.xlarge': 4,
    'g5.2xlarge': 4,
    'g6.xlarge': 4,
    'g6.2xlarge': 4,
    'g6e.xlarge': 4,
    'g6e.2xlarge': 4,
  },
  'ap-northeast-1': {
    'g4dn.xlarge': 2,
    'g4dn.2xlarge': 4,
    'g5.xlarge': 2,
    'g5.2xlarge': 4,
    'g6.xlarge': 4,
    'g6.2xlarge': 4,
    'g6e.xlarge': 0,
    'g6e.2xlarge': 0,
  },
};

/** The bands that are known of these types; none for another region. */
export function advisorBands(region: string, instanceTypes: readonly string[]): readonly AdvisorBand[] {
  return instanceTypes.flatMap((instanceType) => {
    const band = bands[region]?.[instanceType];
    return band === undefined ? [] : [{ instanceType, band }];
  });
}
