import { GetRoleCommand, IAMClient, NoSuchEntityException } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { ClientConfig } from '../target/target.ts';
import { type Identity, serviceRoles } from './account-findings.ts';

export async function readIdentity(config: ClientConfig): Promise<Identity> {
  const client = new STSClient(config);
  const { Account: account = '', Arn: arn = '' } = await client.send(new GetCallerIdentityCommand());
  return { account, arn, region: await client.config.region() };
}

async function isMissing(client: IAMClient, role: string): Promise<boolean> {
  try {
    await client.send(new GetRoleCommand({ RoleName: role }));
    return false;
  } catch (error) {
    if (error instanceof NoSuchEntityException) return true;
    throw error;
  }
}

/** Names of the service-linked roles that the account lacks. */
export async function readMissingRoles(config: ClientConfig): Promise<readonly string[]> {
  const client = new IAMClient(config);
  const names = serviceRoles.map(({ role }) => role);
  const missing = await Promise.all(names.map((name) => isMissing(client, name)));
  return names.filter((_, index) => missing[index]);
}
