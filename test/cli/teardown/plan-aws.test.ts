import { afterEach, expect, it } from 'vitest';
import { readKnown } from '../../../cli/teardown/plan-aws.ts';
import { type HttpStub, startStub } from '../../functions/adapters/http-stub.ts';

let stub: HttpStub | undefined;
afterEach(() => stub?.stop());

const member = (name: string, value: string) =>
  `<member><OutputKey>${name}</OutputKey><OutputValue>${value}</OutputValue></member>`;

it('what is known of a stack before it is deleted takes one question: of the stack itself', async () => {
  const outputs = `${member('BucketName', 'pictures')}${member('LedgerName', 'ledger')}`;
  const stack = `<StackName>mine</StackName><StackId>arn:1</StackId><Outputs>${outputs}</Outputs>`;
  stub = await startStub(() => ({
    headers: { 'content-type': 'text/xml' },
    body: `<DescribeStacksResponse><DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  }));
  expect(await readKnown(stub.client, 'mine')).toEqual({
    ...{ region: 'us-east-1', stack: 'mine', stands: true, stackId: 'arn:1' },
    ...{ bucketName: 'pictures', ledgerName: 'ledger' },
  });
  expect(stub.requests).toHaveLength(1);
});
