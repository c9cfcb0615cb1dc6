import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { SFNClient } from '@aws-sdk/client-sfn';
import { makeS3Bucket } from '../../functions/adapters/s3-bucket.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import { makeS3 } from './objects.ts';
import { describeStack, isNoStack, type Outputs } from './stack-fact.ts';
import type { Target } from './target.ts';

/** Credentials, region and endpoint are those of the AWS SDK: environment, profile, `AWS_ENDPOINT_URL`. */
async function readOutputs(stack: string): Promise<Outputs> {
  const client = new CloudFormationClient();
  try {
    return (await describeStack(client, stack))?.outputs ?? {};
  } catch (error) {
    if (!isNoStack(error)) throw error;
    throw new PlainProblem(
      `Expected the stack \`${stack}\` in ${await client.config.region()}: ${error.message}. To fix: set \`--stack\` and \`AWS_REGION\` to where it was deployed.`,
    );
  }
}

function needOutput(outputs: Outputs, name: string, stack: string): string {
  const value = outputs[name];
  if (value) return value;
  throw new PlainProblem(
    `Expected the stack \`${stack}\` to have the output \`${name}\`, it has none. To fix: \`npx cdk deploy\`.`,
  );
}

/** The deployed system: its machine and bucket as the stack's outputs name them. */
export async function openAwsTarget(stack: string): Promise<Target> {
  const outputs = await readOutputs(stack);
  const output: Target['output'] = (name) => needOutput(outputs, name, stack);
  const s3 = makeS3({});
  return {
    kind: 'aws',
    flags: ` --stack ${stack}`,
    client: {},
    output,
    stateMachineArn: output('StateMachineArn'),
    executions: new SFNClient(),
    s3,
    bucket: makeS3Bucket(s3, output('BucketName')),
    close: async () => {},
  };
}
