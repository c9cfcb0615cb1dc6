import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { afterEach, describe, expect, it } from 'vitest';
import { deleteStack } from '../../../cli/teardown/delete-stack.ts';
import { type HttpStub, startStub } from '../../functions/adapters/http-stub.ts';

const id = 'arn:aws:cloudformation:us-east-1:123456789012:stack/mine/1';

interface Event {
  readonly name: string;
  readonly status: string;
  readonly reason?: string;
}

const toXml = ({ name, status, reason = '' }: Event, index: number) =>
  `<member><StackId>${id}</StackId><EventId>${name}-${status}-${index}</EventId><LogicalResourceId>${name}</LogicalResourceId>` +
  `<PhysicalResourceId>p-${name}</PhysicalResourceId><ResourceType>AWS::X::Y</ResourceType><ResourceStatus>${status}</ResourceStatus>` +
  `<ResourceStatusReason>${reason}</ResourceStatusReason></member>`;

const wrap = (action: string, body: string) => ({
  headers: { 'content-type': 'text/xml' },
  body: `<${action}Response><${action}Result>${body}</${action}Result></${action}Response>`,
});

/** CloudFormation with a stack; each deletion adds events and leaves the stack in a status. */
async function aCloudFormation(deletions: readonly { readonly status: string; readonly events: readonly Event[] }[]) {
  const events: Event[] = [{ name: 'Topic', status: 'CREATE_COMPLETE' }];
  let status = 'CREATE_COMPLETE';
  let done = 0;
  return startStub(({ body }) => {
    const action = new URLSearchParams(body).get('Action') ?? '';
    if (action === 'DeleteStack') {
      const deletion = deletions[done++];
      events.push(...(deletion?.events ?? []));
      status = deletion?.status ?? status;
      return wrap(action, '');
    }
    if (action === 'DescribeStacks') {
      return wrap(
        action,
        `<Stacks><member><StackName>mine</StackName><StackStatus>${status}</StackStatus></member></Stacks>`,
      );
    }
    if (action === 'ListStackResources') {
      const names = ['Topic', 'Eni'].map((name) => `<member><LogicalResourceId>${name}</LogicalResourceId></member>`);
      return wrap(action, `<StackResourceSummaries>${names.join('')}</StackResourceSummaries>`);
    }
    return wrap(action, `<StackEvents>${events.map(toXml).reverse().join('')}</StackEvents>`);
  });
}

let stub: HttpStub | undefined;
afterEach(() => stub?.stop());

async function run(deletions: Parameters<typeof aCloudFormation>[0]) {
  stub = await aCloudFormation(deletions);
  const told: string[] = [];
  const end = deleteStack(new CloudFormationClient(stub.client), { id, say: (line) => told.push(line), pollMs: 1 });
  return { told, end };
}

const failed = { name: 'Eni', status: 'DELETE_FAILED', reason: 'in use' };
const gone = { name: 'Topic', status: 'DELETE_COMPLETE' };

describe('the deletion of a stack', () => {
  it('tells what goes and what stays on purpose, and nothing of the time before', async () => {
    const { told, end } = await run([
      { status: 'DELETE_COMPLETE', events: [gone, { name: 'Bucket', status: 'DELETE_SKIPPED' }] },
    ]);
    await end;
    expect(told).toEqual(['  1 of 2 gone: AWS::X::Y Topic', '  stays: AWS::X::Y Bucket']);
  });

  it('is tried once more, with what failed named', async () => {
    const { told, end } = await run([
      { status: 'DELETE_FAILED', events: [gone, failed] },
      { status: 'DELETE_COMPLETE', events: [{ name: 'Eni', status: 'DELETE_COMPLETE' }] },
    ]);
    await end;
    expect(told.slice(1)).toEqual([
      '  failed: AWS::X::Y Eni: in use',
      'Not all went: Eni (in use). Once more.',
      '  1 of 2 gone: AWS::X::Y Eni',
    ]);
  });

  it('says what would not go the second time, and where to look', async () => {
    const { end } = await run([
      { status: 'DELETE_FAILED', events: [failed] },
      { status: 'DELETE_FAILED', events: [failed] },
    ]);
    await expect(end).rejects.toThrow(/would not go: Eni \(in use\)\. To fix: .+https:\/\/us-east-1\.console/);
  });

  it('says what CloudFormation said where it refuses', async () => {
    stub = await startStub(({ body }) => {
      if (!body.includes('Action=DeleteStack')) return wrap('DescribeStackEvents', '<StackEvents></StackEvents>');
      const error = '<Error><Type>Sender</Type><Code>ValidationError</Code><Message>is protected</Message></Error>';
      return { status: 400, headers: { 'content-type': 'text/xml' }, body: `<ErrorResponse>${error}</ErrorResponse>` };
    });
    const end = deleteStack(new CloudFormationClient(stub.client), { id, say: () => {}, pollMs: 1 });
    await expect(end).rejects.toThrow('Expected CloudFormation to delete the stack, it said: is protected');
  });
});
