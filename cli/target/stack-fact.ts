import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

export type Outputs = Readonly<Record<string, string>>;

export interface StackFact {
  readonly name: string;
  readonly id: string;
  readonly status: string;
  readonly outputs: Outputs;
}

/** A stack that is not there is a ValidationError, as is a name that can't be one. */
export const isNoStack = (error: unknown): error is Error => error instanceof Error && error.name === 'ValidationError';

/** @throws a ValidationError where there is none */
export async function describeStack(client: CloudFormationClient, name: string): Promise<StackFact | undefined> {
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
  const [stack] = Stacks;
  const outputs = (stack?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
  return (
    stack && {
      name,
      id: stack.StackId ?? name,
      status: stack.StackStatus ?? '',
      outputs: Object.fromEntries(outputs),
    }
  );
}

/** Undefined: there is no such stack. */
export async function findStack(client: CloudFormationClient, name: string): Promise<StackFact | undefined> {
  try {
    return await describeStack(client, name);
  } catch (error) {
    if (isNoStack(error)) return undefined;
    throw error;
  }
}
