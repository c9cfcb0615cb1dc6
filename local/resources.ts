import { readFile } from 'node:fs/promises';
import type { Upstream } from './address/upstream.ts';
import type { WireReply } from './address/wire.ts';
import {
  BUCKET,
  EXECUTION_ROLE_ARN,
  JOB_DEFINITION,
  STATE_MACHINE,
  TABLE,
  TIMER_GROUP,
  TOPIC,
  TOPIC_ARN,
} from './names.ts';

export interface ResourceOptions {
  readonly definitionFile: string;
  readonly functions: readonly string[];
}

/**
 * Makes in moto what the stack makes on AWS. In plain wire requests: loading four SDK clients would take longer than all
 * of it. The definition goes last, it keeps moto busy longest.
 */
export async function createResources(moto: Upstream, { definitionFile, functions }: ResourceOptions): Promise<void> {
  const definition = substitute(await readFile(definitionFile, 'utf8'), functions);
  const machine = { name: STATE_MACHINE, roleArn: EXECUTION_ROLE_ARN, definition, type: 'STANDARD' };
  const topic = new URLSearchParams({ Action: 'CreateTopic', Version: '2010-03-31', Name: TOPIC });
  await post(moto, { path: '/moto-api/config', body: { stepfunctions: { execute_state_machine: true } } });
  expectOk(await moto.ask('s3', { method: 'PUT', path: `/${BUCKET}` }));
  await post(moto, { service: 'dynamodb', target: 'DynamoDB_20120810.CreateTable', body: tableDefinition() });
  await post(moto, { service: 'sns', body: topic });
  await post(moto, {
    service: 'scheduler',
    path: `/schedule-groups/${TIMER_GROUP}`,
    body: { Name: TIMER_GROUP, Tags: [] },
  });
  await post(moto, { service: 'states', target: 'AWSStepFunctions.CreateStateMachine', body: machine });
}

/** `${Key}`, as CloudFormation's DefinitionSubstitutions: a function's key is its name in PascalCase + `Function`. */
function substitute(text: string, functions: readonly string[]): string {
  const values: Record<string, string> = { JobDefinition: JOB_DEFINITION, TopicArn: TOPIC_ARN };
  for (const name of functions) values[toKey(name)] = name;
  return text.replaceAll(/\$\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
}

/** The functions that the machine names, in its order. */
export async function listStates({ definitionFile, functions }: ResourceOptions): Promise<readonly string[]> {
  const text = await readFile(definitionFile, 'utf8');
  const place = (name: string) => text.indexOf(`\${${toKey(name)}}`);
  return functions.filter((name) => place(name) >= 0).sort((a, b) => place(a) - place(b));
}

function toKey(name: string): string {
  return `${name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}Function`;
}

function tableDefinition(): object {
  const keys = [
    { name: 'pk', type: 'HASH' },
    { name: 'sk', type: 'RANGE' },
  ];
  return {
    TableName: TABLE,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keys.map(({ name, type }) => ({ AttributeName: name, KeyType: type })),
    AttributeDefinitions: keys.map(({ name }) => ({ AttributeName: name, AttributeType: 'S' })),
  };
}

interface Post {
  readonly service?: string;
  readonly target?: string;
  readonly path?: string;
  readonly body: object | URLSearchParams;
}

async function post(moto: Upstream, { service = 's3', target, path = '/', body }: Post): Promise<void> {
  const isForm = body instanceof URLSearchParams;
  const headers = {
    'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
    ...(target === undefined ? {} : { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target }),
  };
  const text = isForm ? body.toString() : JSON.stringify(body);
  expectOk(await moto.ask(service, { method: 'POST', path, headers, body: Buffer.from(text) }));
}

function expectOk({ status, body }: WireReply): void {
  if (status >= 300)
    throw new Error(`Expected moto to make the local stack, it answered ${status}: ${body.toString()}`);
}
