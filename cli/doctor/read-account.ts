import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetRoleCommand, IAMClient, NoSuchEntityException } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { ClientConfig } from '../target.ts';
import { type Identity, type StackFact, serviceRoles } from './account.ts';

export async function readIdentity(config: ClientConfig): Promise<Identity> {
  const client = new STSClient(config);
  const { Account: account = '', Arn: arn = '' } = await client.send(new GetCallerIdentityCommand());
  return { account, arn, region: await client.config.region() };
}

/** Undefined: there is no such stack. */
export async function readStack(config: ClientConfig, name: string): Promise<StackFact | undefined> {
  try {
    const { Stacks = [] } = await new CloudFormationClient(config).send(new DescribeStacksCommand({ StackName: name }));
    const [stack] = Stacks;
    return stack && { name, id: stack.StackId ?? name, status: stack.StackStatus ?? '' };
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError') return undefined;
    throw error;
  }
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
