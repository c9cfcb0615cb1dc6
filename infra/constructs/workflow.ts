import { readFileSync } from 'node:fs';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { queuePrefix } from '../../functions/core/market/pools.ts';
import { definitionFile } from '../paths.ts';
import type { Functions } from './functions.ts';
import { allow, describe, followExecutions, startExecutions, stateMachineName, terminateJobs } from './grants.ts';
import type { Messages } from './messages.ts';
import { queueArn } from './pools.ts';
import { jobDefinitionName, type Worker } from './worker.ts';

export interface WorkflowProps {
  readonly functions: Functions;
  readonly worker: Worker;
  readonly messages: Messages;
  readonly retention: RetentionDays;
  readonly logExecutionData: boolean;
  readonly undelivered: Queue;
}

/** `${PlanJobFunction}` names `functions/plan-job`. */
const toFile = (key: string) =>
  key
    .replace(/Function$/, '')
    .replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`)
    .toLowerCase();

/** The machine of `statemachine/spot-diffusion.asl.json`: the file that the tests execute, with its `${…}` filled in. */
export class Workflow extends Construct {
  readonly machine: StateMachine;
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    const keys = [...readFileSync(definitionFile, 'utf8').matchAll(/\$\{(\w+Function)\}/g)].map(
      (match) => match[1] ?? '',
    );
    const functions = Object.fromEntries([...new Set(keys)].map((key) => [key, props.functions.get(toFile(key)).arn]));
    const role = this.makeRole(props, Object.values(functions));
    this.log = new LogGroup(this, 'Log', {
      // This prefix keeps the resource policy of the logs below its limit of characters.
      logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
      retention: props.retention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromFile(definitionFile),
      definitionSubstitutions: {
        ...functions,
        JobDefinition: props.worker.jobDefinitionArn,
        TopicArn: props.messages.topic.topicArn,
      },
      role,
      tracingEnabled: true,
      logs: {
        destination: this.log,
        level: LogLevel.ALL,
        includeExecutionData: props.logExecutionData,
      },
    });
    this.cleanUpAfterBadEnds(props);
  }

  /** An ASL file derives no IAM. */
  private makeRole(props: WorkflowProps, functionArns: readonly string[]): Role {
    const stack = Stack.of(this);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: 'spot-diffusion: the state machine',
    });
    const definition = stack.formatArn({
      service: 'batch',
      resource: 'job-definition',
      resourceName: jobDefinitionName,
    });
    role.addToPolicy(allow(['lambda:InvokeFunction'], functionArns));
    // With and without a revision: a deploy must not break jobs that were planned before it.
    role.addToPolicy(allow(['batch:SubmitJob'], [queueArn(this, `${queuePrefix}*`), definition, `${definition}:*`]));
    role.addToPolicy(describe('batch:DescribeJobs'));
    role.addToPolicy(terminateJobs(this));
    role.addToPolicy(startExecutions(this));
    role.addToPolicy(followExecutions(this));
    // How `.sync` learns of the end of a Batch job, and of a child execution.
    const rules = ['StepFunctionsGetEventsForBatchJobsRule', 'StepFunctionsGetEventsForStepFunctionsExecutionRule'];
    role.addToPolicy(
      allow(
        ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
        rules.map((resourceName) => stack.formatArn({ service: 'events', resource: 'rule', resourceName })),
      ),
    );
    for (const statement of props.messages.publishStatements()) role.addToPolicy(statement);
    return role;
  }

  private cleanUpAfterBadEnds({ functions, undelivered }: WorkflowProps): void {
    new Rule(this, 'BadEnd', {
      description: 'An execution that failed, was stopped or timed out: Clean up job',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [this.machine.stateMachineArn], status: ['FAILED', 'ABORTED', 'TIMED_OUT'] },
      },
      targets: [
        new LambdaFunction(functions.get('clean-up-job').fn, { deadLetterQueue: undelivered, retryAttempts: 10 }),
      ],
    });
  }
}
