import { type Need, nameOrArn } from './need.ts';

type Item = Readonly<Record<string, { readonly TableName?: string }>>;

interface Input {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly TransactItems?: readonly Item[];
}

const SINGLE = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan'];
/** A transaction has no permission of its own: each part takes that of the single call. */
const PARTS: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

export function readDynamoDbNeeds(operation: string, input: Input): readonly Need[] | undefined {
  if (SINGLE.includes(operation)) return [toNeed(operation, input.TableName, input.IndexName)];
  if (operation !== 'TransactWriteItems' && operation !== 'TransactGetItems') return undefined;
  return (input.TransactItems ?? []).flatMap((item) =>
    Object.entries(item).map(([part, { TableName }]) => toNeed(PARTS[part] ?? part, TableName)),
  );
}

function toNeed(operation: string, table: unknown, index?: string): Need {
  const resource = nameOrArn('dynamodb', 'table/', table);
  return { action: `dynamodb:${operation}`, resource: index ? `${resource}/index/${index}` : resource };
}
