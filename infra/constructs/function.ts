import { join } from 'node:path';
import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type Architecture, type ILayerVersion, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { bundling } from '../../functions/bundling.ts';
import { functionsDir, root } from '../paths.ts';
import { allow } from './grants.ts';

export interface SpotFunctionProps {
  /** File in `functions/` without `.lambda.ts`. */
  readonly name: string;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly PolicyStatement[];
  readonly architecture: Architecture;
  readonly retention: RetentionDays;
  readonly memoryMib?: number;
  readonly timeout?: Duration;
  readonly layers?: readonly ILayerVersion[];
  /** Where an event goes that the function failed on, twice retried: Lambda drops it otherwise. For events alone. */
  readonly onFailure?: IQueue;
}

const bundled: BundlingOptions = {
  minify: bundling.minify,
  target: bundling.target,
  mainFields: [...bundling.mainFields],
  externalModules: [...bundling.external],
  // The SDK that was tested, not the one that Lambda happens to have.
  bundleAwsSDK: true,
  banner: bundling.banner,
  format: OutputFormat.ESM,
  forceDockerBundling: false,
  // The sizes of thirteen bundles, with warning signs, would bury what the deployer has to read.
  logLevel: LogLevel.WARNING,
};

export const functionName = (name: string) => `spot-diffusion-${name}`;

/** One function of `functions/` as all of them are made: own role, own log group, traced, bundled without Docker. */
export class SpotFunction extends Construct {
  readonly fn: NodejsFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: SpotFunctionProps) {
    super(scope, id);
    const { name } = props;
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${functionName(name)}`,
      retention: props.retention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `spot-diffusion: ${props.description}`,
    });
    this.fn = new NodejsFunction(this, 'Function', {
      functionName: functionName(name),
      description: props.description,
      entry: join(functionsDir, `${name}.lambda.ts`),
      projectRoot: root,
      depsLockFilePath: join(root, 'package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: props.architecture,
      memorySize: props.memoryMib ?? 512,
      timeout: props.timeout ?? Duration.minutes(2),
      role,
      logGroup: this.logGroup,
      tracing: Tracing.ACTIVE,
      environment: { ...props.environment, POWERTOOLS_SERVICE_NAME: 'spot-diffusion' },
      layers: [...(props.layers ?? [])],
      bundling: bundled,
    });
    if (props.onFailure) this.keepFailures(props.onFailure, role);
    for (const statement of props.statements) role.addToPolicy(statement);
    this.logGroup.grantWrite(role);
  }

  /** By hand: CDK's own SqsDestination grants two more actions, which sending does not take. */
  private keepFailures({ queueArn }: IQueue, role: Role): void {
    this.fn.configureAsyncInvoke({ onFailure: { bind: () => ({ destination: queueArn }) } });
    role.addToPolicy(allow(['sqs:SendMessage'], [queueArn]));
  }

  get arn(): string {
    return this.fn.functionArn;
  }
}

/** Known before the function exists: a function that names itself in its environment would wait for itself. */
export const functionArn = (scope: Construct, name: string) =>
  Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: functionName(name),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
