import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { localOutputs } from '../../local/outputs.ts';
import { type Command, command, makePlace } from './command.ts';

/** What is served from a folder of its own, and how AWS's clients, and commands with `--stack`, reach it. */
export interface ServedStack {
  readonly served: Command;
  readonly place: Awaited<ReturnType<typeof makePlace>>;
  readonly state: readonly string[];
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export const stackName = 'spot-diffusion';

interface StackOver {
  readonly outputs?: Readonly<Record<string, string>>;
  readonly resources?: Readonly<Record<string, object>>;
}

/** `serve`, with a stack beside it whose outputs name what is served. */
export async function serveStack({ outputs = {}, resources = {} }: StackOver = {}): Promise<ServedStack> {
  const place = await makePlace();
  const state = place.flags.slice(0, 2);
  const served = command(['serve', '--port', '0', ...state]);
  const endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(await served.says('Ctrl-C ends it'))?.[0] ?? '';
  const client = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } };
  const all = Object.entries({ ...localOutputs, ...outputs }).filter(([, value]) => value !== '');
  const template = {
    Resources: { Topic: { Type: 'AWS::SNS::Topic' }, ...resources },
    Outputs: Object.fromEntries(all.map(([name, Value]) => [name, { Value }])),
  };
  const Tags = [{ Key: 'project', Value: 'spot-diffusion' }];
  const create = new CreateStackCommand({ StackName: stackName, TemplateBody: JSON.stringify(template), Tags });
  await new CloudFormationClient(client).send(create);
  return {
    served,
    place,
    state,
    client,
    env: { AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
    stop: async () => {
      served.child.kill('SIGTERM');
      await served.ended;
      await place.clean();
    },
  };
}
