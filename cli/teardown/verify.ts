import { EC2Client } from '@aws-sdk/client-ec2';
import { pricesAsOf } from '../../functions/core/market/instance-types.ts';
import { ask } from '../target/ask.ts';
import type { ClientConfig } from '../target/target.ts';
import { money } from '../words/amounts.ts';
import { findAddresses, findInstances, findNatGateways, findSnapshots, findVolumes } from './leftovers/find-compute.ts';
import { findBuckets, findTables } from './leftovers/find-retained.ts';
import { findLogGroups, findRepositories } from './leftovers/find-stored.ts';
import { findPieces, listTagged } from './leftovers/find-tagged.ts';
import {
  type Findings,
  isClean,
  type Known,
  type Leftover,
  type Scope,
  toFindings,
  usdPerMonthOf,
} from './leftovers/leftover.ts';

type Look = readonly [what: string, find: () => Promise<readonly Leftover[]>];

function listLooks(config: ClientConfig, scope: Scope, say: (line: string) => void): readonly Look[] {
  const ec2 = new EC2Client(config);
  return [
    ['instances', () => findInstances(ec2)],
    ['volumes', () => findVolumes(ec2)],
    ['snapshots', () => findSnapshots(ec2)],
    ['addresses', () => findAddresses(ec2)],
    ['NAT gateways', () => findNatGateways(ec2)],
    ['images in ECR', () => findRepositories(config, scope)],
    // An empty one costs nothing.
    ['logs', async () => (await findLogGroups(config, scope)).filter(({ usdPerMonth }) => usdPerMonth)],
    ['buckets', () => findBuckets(config, scope, say)],
    ['tables', () => findTables(config, scope)],
  ];
}

/** Each look may be refused alone; what can't be looked at is no "nothing". */
export async function findLeftovers(
  config: ClientConfig,
  known: Known,
  say: (line: string) => void,
): Promise<Findings> {
  const tagged = await ask(() => listTagged(config));
  const scope = { ...known, tagged: tagged.value ?? [] };
  const looks = listLooks(config, scope, say).map(async ([what, find]) => ({ what, answer: await ask(find) }));
  const { leftovers, listed } = findPieces(scope);
  const pieces = tagged.problem === undefined ? { value: leftovers } : tagged;
  const findings = toFindings([...(await Promise.all(looks)), { what: 'what has our tag', answer: pieces }]);
  return { ...findings, listed };
}

const price = (usd: number | undefined) => (usd === undefined ? 'price not known' : `${money(usd)} a month`);

export function leftoverLines(findings: Findings, region: string): readonly string[] {
  const { leftovers, unread, listed } = findings;
  const lines = leftovers.flatMap(({ kind, id, says, usdPerMonth, fix }) => [
    `${kind}  ${id}: ${says}, ${price(usdPerMonth)}`,
    `    ${fix}`,
  ]);
  const unknown = unread.map((text) => `?  not looked at, may cost money: ${text}`);
  const echoes = listed.length
    ? [`AWS still lists ${listed.join(', ')}: for hours what is deleted, a key until its deletion. Not counted.`]
    : [];
  if (isClean(findings)) {
    return [...echoes, `Nothing of ours that costs money is in ${region}. Other regions were not looked at.`];
  }
  const sum = leftovers.length
    ? [
        `Together ${money(usdPerMonthOf(findings))} a month in ${region}, at list prices of us-east-1 as of ${pricesAsOf}.`,
      ]
    : [];
  return [...lines, ...unknown, ...echoes, ...sum];
}
