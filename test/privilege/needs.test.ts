import { expect, it } from 'vitest';
import type { SignedCall } from '../../local/address/guard.ts';
import { readNeeds } from './needs.ts';
import { readS3Afterthought } from './s3-needs.ts';

interface Wire {
  readonly method?: string;
  readonly url?: string;
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

function aCall(service: string, { method = 'POST', url = '/', target, headers, body = '' }: Wire): SignedCall {
  const { pathname: path, searchParams: query } = new URL(url, 'http://local');
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    signer: { service, accessKeyId: 'lambda-plan-job' },
    method,
    path,
    query,
    headers: { ...headers, 'x-amz-target': target },
    body: Buffer.from(text),
  };
}

const object = 'arn:aws:s3:::spot-diffusion/images/a b.png';
const table = 'arn:aws:dynamodb:us-east-1:123456789012:table/ledger';
const role = 'arn:aws:iam::123456789012:role/timer';
const cases: readonly (readonly [title: string, call: SignedCall, needs: readonly string[] | undefined])[] = [
  [
    'a start of an execution',
    aCall('states', { target: 'AWSStepFunctions.StartExecution', body: { stateMachineArn: 'arn:machine' } }),
    ['states:StartExecution arn:machine'],
  ],
  [
    'a look at an execution',
    aCall('states', { target: 'AWSStepFunctions.DescribeExecution', body: { executionArn: 'arn:execution' } }),
    ['states:DescribeExecution arn:execution'],
  ],
  ['a delete of a machine', aCall('states', { target: 'AWSStepFunctions.DeleteStateMachine', body: {} }), undefined],
  [
    'a GET of an object',
    aCall('s3', { method: 'GET', url: '/spot-diffusion/images/a%20b.png?x-id=GetObject' }),
    [`s3:GetObject ${object}`],
  ],
  [
    'a HEAD of an object',
    aCall('s3', { method: 'HEAD', url: '/spot-diffusion/images/a%20b.png' }),
    [`s3:GetObject ${object}`],
  ],
  [
    'a conditional put',
    aCall('s3', { method: 'PUT', url: '/spot-diffusion/images/a%20b.png', headers: { 'if-none-match': '*' } }),
    [`s3:PutObject ${object}`],
  ],
  [
    'a put with a tag',
    aCall('s3', { method: 'PUT', url: '/spot-diffusion/images/a%20b.png', headers: { 'x-amz-tagging': 'kind=shard' } }),
    [`s3:PutObject ${object}`, `s3:PutObjectTagging ${object}`],
  ],
  [
    'a list',
    aCall('s3', { method: 'GET', url: '/spot-diffusion?list-type=2&prefix=jobs' }),
    ['s3:ListBucket arn:aws:s3:::spot-diffusion'],
  ],
  ['a part of S3 that nobody described', aCall('s3', { method: 'GET', url: '/spot-diffusion/a?acl' }), undefined],
  [
    'a copy',
    aCall('s3', { method: 'PUT', url: '/spot-diffusion/a', headers: { 'x-amz-copy-source': 'b' } }),
    undefined,
  ],
  [
    'a transaction, by its parts',
    aCall('dynamodb', {
      target: 'DynamoDB_20120810.TransactWriteItems',
      body: { TransactItems: [{ Update: { TableName: 'ledger' } }, { ConditionCheck: { TableName: 'ledger' } }] },
    }),
    [`dynamodb:UpdateItem ${table}`, `dynamodb:ConditionCheckItem ${table}`],
  ],
  [
    'a query',
    aCall('dynamodb', { target: 'DynamoDB_20120810.Query', body: { TableName: 'ledger' } }),
    [`dynamodb:Query ${table}`],
  ],
  [
    'a submit, by queue and definition',
    aCall('batch', { url: '/v1/submitjob', body: { jobQueue: 'q', jobDefinition: 'worker', tags: { a: 'b' } } }),
    [
      'batch:SubmitJob arn:aws:batch:us-east-1:123456789012:job-queue/q',
      'batch:SubmitJob arn:aws:batch:us-east-1:123456789012:job-definition/worker:1',
      'batch:TagResource arn:aws:batch:us-east-1:123456789012:job/new',
    ],
  ],
  [
    'an invocation',
    aCall('lambda', { url: '/2015-03-31/functions/plan-job/invocations' }),
    ['lambda:InvokeFunction arn:aws:lambda:us-east-1:123456789012:function:spot-diffusion-plan-job'],
  ],
  [
    'a timer, with the role that it takes',
    aCall('scheduler', { url: '/schedules/t', body: { GroupName: 'g', Target: { RoleArn: role } } }),
    ['scheduler:CreateSchedule arn:aws:scheduler:us-east-1:123456789012:schedule/g/t', `iam:PassRole ${role}`],
  ],
  [
    'a snapshot, which has no account',
    aCall('ec2', { body: 'Action=DeleteSnapshot&SnapshotId=snap-1' }),
    ['ec2:DeleteSnapshot arn:aws:ec2:us-east-1::snapshot/snap-1'],
  ],
  [
    'a message',
    aCall('sns', { body: `Action=Publish&TopicArn=${encodeURIComponent('arn:aws:sns:r:a:t')}` }),
    ['sns:Publish arn:aws:sns:r:a:t'],
  ],
  ['a price list', aCall('pricing', { target: 'AWSPriceListService.GetProducts' }), ['pricing:GetProducts *']],
  ['placement scores', aCall('ec2', { body: 'Action=GetSpotPlacementScores' }), ['ec2:GetSpotPlacementScores *']],
  ['a service that nobody described', aCall('sqs', {}), undefined],
];

it.each(cases)('reads the needs of %s', (_, call, needs) => {
  expect(readNeeds(call)?.map(({ action, resource }) => `${action} ${resource}`)).toEqual(needs);
});

it('takes the right to list for a 404, without which S3 says 403', () => {
  const call = aCall('s3', { method: 'HEAD', url: '/spot-diffusion/images/a.png' });
  expect(readS3Afterthought(call, 404)).toEqual([{ action: 's3:ListBucket', resource: 'arn:aws:s3:::spot-diffusion' }]);
  expect(readS3Afterthought(call, 200)).toEqual([]);
});
