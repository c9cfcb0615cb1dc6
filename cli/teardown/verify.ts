import { pricesAsOf } from '../../functions/core/instance-types.ts';
import { ask } from '../ask.ts';
import type { Amount } from '../objects.ts';
import { money } from '../tables.ts';
import type { ClientConfig } from '../target.ts';
import { findCompute } from './leftovers/find-compute.ts';
import { findBuckets, findLogGroups, findRepositories, findTables } from './leftovers/find-stored.ts';
import { findPieces, listTagged } from './leftovers/find-tagged.ts';
import { type Findings, isClean, type Scope, toFindings, usdPerMonthOf } from './leftovers/leftover.ts';

/** Each look may be refused alone; what can't be looked at is no "nothing". */
export async function findLeftovers(
  config: ClientConfig,
  known: Omit<Scope, 'tagged'>,
  onCount?: (name: string, amount: Amount) => void,
): Promise<Findings> {
  const tagged = await ask(() => listTagged(config));
  const scope = { ...known, tagged: tagged.value ?? [] };
  const looks = await Promise.all([
    ask(() => findCompute(config)).then((answer) => ({ what: 'instances, volumes and addresses', answer })),
    ask(() => findRepositories(config, scope)).then((answer) => ({ what: 'images in ECR', answer })),
    ask(() => findLogGroups(config, scope)).then((answer) => ({ what: 'logs', answer })),
    ask(() => findBuckets(config, scope, { onCount })).then((answer) => ({ what: 'buckets', answer })),
    ask(() => findTables(config, scope)).then((answer) => ({ what: 'tables', answer })),
  ]);
  const pieces = {
    what: 'what has our tag',
    answer: tagged.problem === undefined ? { value: findPieces(scope) } : tagged,
  };
  return toFindings([...looks, pieces]);
}

const price = (usd: number | undefined) => (usd === undefined ? 'price not known' : `${money(usd)} a month`);

export function leftoverLines(findings: Findings, region: string): readonly string[] {
  const { leftovers, unread } = findings;
  const lines = leftovers.flatMap(({ kind, id, says, usdPerMonth, fix }) => [
    `${kind}  ${id}: ${says}, ${price(usdPerMonth)}`,
    `    ${fix}`,
  ]);
  const unknown = unread.map((text) => `?  not looked at, may cost money: ${text}`);
  if (isClean(findings)) return [`Nothing of ours that costs money is in ${region}. Other regions were not looked at.`];
  const sum = leftovers.length
    ? [
        `Together ${money(usdPerMonthOf(findings))} a month in ${region}, at list prices of us-east-1 as of ${pricesAsOf}.`,
      ]
    : [];
  return [...lines, ...unknown, ...sum];
}
