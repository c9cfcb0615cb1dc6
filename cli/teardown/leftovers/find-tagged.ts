import { paginateGetResources, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import type { ClientConfig } from '../../target.ts';
import { type Leftover, namesIn, type Scope } from './leftover.ts';
import { alarmLeftover, keyLeftover, secretLeftover } from './priced.ts';

/** `infra/stack.ts` puts it on everything that takes tags. */
const stackTag = { Key: 'project', Values: ['spot-diffusion'] };

/** ARNs of everything in the region with the tag of the stack. */
export async function listTagged(config: ClientConfig): Promise<readonly string[]> {
  const client = new ResourceGroupsTaggingAPIClient(config);
  const arns: string[] = [];
  for await (const page of paginateGetResources({ client }, { TagFilters: [stackTag] })) {
    arns.push(...(page.ResourceTagMappingList ?? []).flatMap(({ ResourceARN }) => ResourceARN ?? []));
  }
  return arns;
}

/** What has a price of its own, whatever it holds. A key without its stack waits for its deletion, which is free. */
export function findPieces({ tagged, stands }: Pick<Scope, 'tagged' | 'stands'>): readonly Leftover[] {
  return [
    ...namesIn(tagged, 'cloudwatch', 'alarm:').map(alarmLeftover),
    ...namesIn(tagged, 'secretsmanager', 'secret:').map(secretLeftover),
    ...(stands ? namesIn(tagged, 'kms', 'key/').map(keyLeftover) : []),
  ];
}
