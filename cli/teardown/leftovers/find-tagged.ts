import { paginateGetResources, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { stackTag } from '../../../functions/core/our-tag.ts';
import type { ClientConfig } from '../../target/target.ts';
import { type Leftover, namesIn, type Scope } from './leftover.ts';
import { alarmLeftover, keyLeftover, secretLeftover } from './priced.ts';

/** ARNs of everything in the region with the tag of the stack. */
export async function listTagged(config: ClientConfig): Promise<readonly string[]> {
  const client = new ResourceGroupsTaggingAPIClient(config);
  const arns: string[] = [];
  for await (const page of paginateGetResources(
    { client },
    { TagFilters: [{ Key: stackTag.key, Values: [stackTag.value] }] },
  )) {
    arns.push(...(page.ResourceTagMappingList ?? []).flatMap(({ ResourceARN }) => ResourceARN ?? []));
  }
  return arns;
}

const piecesIn = (tagged: readonly string[]): readonly Leftover[] => [
  ...namesIn(tagged, 'cloudwatch', 'alarm:').map(alarmLeftover),
  ...namesIn(tagged, 'secretsmanager', 'secret:').map(secretLeftover),
  ...namesIn(tagged, 'kms', 'key/').map(keyLeftover),
];

export interface Pieces {
  readonly leftovers: readonly Leftover[];
  /** What AWS lists by our tag although its stack is gone: for hours what is deleted, a key until its deletion, which is free. */
  readonly listed: readonly string[];
}

/** What has a price of its own, whatever it holds: nothing but the stack makes it. */
export function findPieces({ tagged, stands }: Pick<Scope, 'tagged' | 'stands'>): Pieces {
  const found = piecesIn(tagged);
  if (stands) return { leftovers: found, listed: [] };
  return { leftovers: [], listed: found.map(({ kind, id }) => `${kind} ${id}`) };
}
