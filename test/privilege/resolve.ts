import { ACCOUNT, REGION } from '../../local/names.ts';
import { toArn } from './need.ts';
import { listOf, type Resource, read, type Template, targetOf } from './template.ts';

interface Kind {
  readonly name: string;
  readonly toArn: (name: string) => string;
  /** What `Ref` gives; the name if left out. */
  readonly ref?: 'arn';
}

/** Per type of resource: the property that names it, its ARN. */
const kinds: Readonly<Record<string, Kind>> = {
  'AWS::S3::Bucket': { name: 'BucketName', toArn: (name) => `arn:aws:s3:::${name}` },
  'AWS::DynamoDB::Table': { name: 'TableName', toArn: (name) => toArn('dynamodb', `table/${name}`) },
  'AWS::SNS::Topic': { name: 'TopicName', toArn: (name) => toArn('sns', name), ref: 'arn' },
  'AWS::SQS::Queue': { name: 'QueueName', toArn: (name) => toArn('sqs', name) },
  'AWS::KMS::Key': { name: '', toArn: (name) => toArn('kms', `key/${name}`) },
  'AWS::IAM::Role': { name: 'RoleName', toArn: (name) => `arn:aws:iam::${ACCOUNT}:role/${name}` },
  'AWS::Lambda::Function': { name: 'FunctionName', toArn: (name) => toArn('lambda', `function:${name}`) },
  'AWS::Logs::LogGroup': { name: 'LogGroupName', toArn: (name) => toArn('logs', `log-group:${name}:*`) },
  'AWS::SecretsManager::Secret': {
    name: 'Name',
    toArn: (name) => toArn('secretsmanager', `secret:${name}`),
    ref: 'arn',
  },
  'AWS::Scheduler::ScheduleGroup': { name: 'Name', toArn: (name) => toArn('scheduler', `schedule-group/${name}`) },
  'AWS::Batch::JobQueue': { name: 'JobQueueName', toArn: (name) => toArn('batch', `job-queue/${name}`), ref: 'arn' },
  'AWS::Batch::ComputeEnvironment': {
    name: 'ComputeEnvironmentName',
    toArn: (name) => toArn('batch', `compute-environment/${name}`),
    ref: 'arn',
  },
  'AWS::Batch::JobDefinition': {
    name: 'JobDefinitionName',
    toArn: (name) => toArn('batch', `job-definition/${name}:1`),
    ref: 'arn',
  },
  'AWS::StepFunctions::StateMachine': {
    name: 'StateMachineName',
    toArn: (name) => toArn('states', `stateMachine:${name}`),
    ref: 'arn',
  },
};

const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::URLSuffix': 'amazonaws.com',
};

export type Resolve = (value: unknown) => unknown;

/**
 * Puts this machine's names and ARNs in the place of CloudFormation's intrinsics.
 * @param local what the variables of the functions' environment hold locally: a resource without a name of its own in the
 *   template (bucket, table) has here the name by which the functions know it
 */
export function makeResolve(template: Template, local: Readonly<Record<string, string>>): Resolve {
  const names = nameByVariables(template, local);
  const toText = (id: string, attribute: string): string => {
    const resource = template.Resources[id];
    const kind = resource && kinds[resource.Type];
    if (!kind) throw new Error(`Expected a resource of a known type, got \`${id}\` (${resource?.Type})`);
    const name = ownName(resource, kind) ?? names.get(id) ?? id;
    if (attribute === 'Ref') return kind.ref === 'arn' ? kind.toArn(name) : name;
    if (attribute.endsWith('Arn')) return kind.toArn(name);
    if (attribute.endsWith('Name')) return name;
    throw new Error(`Expected an attribute that names \`${id}\`, got \`${attribute}\``);
  };
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const [[form, argument] = ['', undefined]] = Object.entries(value);
    if (form === 'Ref') return pseudo[String(argument)] ?? toText(String(argument), 'Ref');
    if (form === 'Fn::GetAtt') return toText(...(argument as [string, string]));
    if (form === 'Fn::Join') return join(resolve(argument) as [string, string[]]);
    if (form === 'Fn::Sub') return substitute(String(argument), resolve);
    if (form.startsWith('Fn::')) throw new Error(`Expected a known intrinsic, got \`${form}\``);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
  };
  return resolve;
}

function join([separator, parts]: [string, string[]]): string {
  return parts.join(separator);
}

function substitute(text: string, resolve: Resolve): string {
  return text.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
    const [id, attribute] = name.split('.');
    return String(resolve(attribute ? { 'Fn::GetAtt': [id, attribute] } : { Ref: name }));
  });
}

function ownName({ Properties }: Resource, { name }: Kind): string | undefined {
  const given = Properties?.[name];
  return typeof given === 'string' ? given : undefined;
}

function nameByVariables(template: Template, local: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [, { Properties }] of listOf(template, 'AWS::Lambda::Function')) {
    const variables = read(Properties, 'Environment', 'Variables') ?? {};
    for (const [variable, value] of Object.entries(variables)) {
      const id = targetOf(value);
      const here = local[variable];
      if (id && here !== undefined) names.set(id, here.split(/[:/]/).at(-1) ?? here);
    }
  }
  return names;
}
