import { Duration } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Rule } from 'aws-cdk-lib/aws-events';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Functions } from './functions.ts';
import { stateMachineName } from './grants.ts';
import type { Messages } from './messages.ts';

export interface AlarmsProps {
  readonly messages: Messages;
  readonly functions: Functions;
  readonly machine: StateMachine;
  readonly machineLog: LogGroup;
  readonly blockedQueue: Rule;
  readonly undelivered: Queue;
  readonly monthlyBudgetUsd: number;
}

/** Where a person reads what to do: `docs/runbook.md` has a section of this name for each alarm. */
const runbook = (name: string) => `What to do: docs/runbook.md#${name}`;

interface AlarmSpec {
  readonly name: string;
  readonly description: string;
  readonly metric: IMetric;
  /** Periods in a row. */
  readonly times?: number;
}

/**
 * What wakes a person. Metrics that AWS keeps anyway, and two of ours, each written only when it happens: an idle instance, a
 * refused message.
 */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    for (const spec of listAlarms(this, props)) {
      new Alarm(this, spec.name, {
        alarmName: `spot-diffusion-${spec.name}`,
        alarmDescription: `${spec.description} ${runbook(spec.name)}`,
        metric: spec.metric,
        threshold: 0,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: spec.times ?? 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }).addAlarmAction(new SnsAction(props.messages.topic));
    }
    this.addBudget(props);
  }

  /** Of the whole account: a budget by tag would stay at $0 until the tag is activated for cost allocation. */
  private addBudget({ messages, monthlyBudgetUsd }: AlarmsProps): void {
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: monthlyBudgetUsd, unit: 'USD' },
      },
      notificationsWithSubscribers: ['ACTUAL', 'FORECASTED'].map((notificationType) => ({
        notification: {
          notificationType,
          comparisonOperator: 'GREATER_THAN',
          threshold: notificationType === 'ACTUAL' ? 80 : 100,
          thresholdType: 'PERCENTAGE',
        },
        subscribers: [{ subscriptionType: 'SNS', address: messages.topic.topicArn }],
      })),
    });
  }
}

function listAlarms(scope: Construct, props: AlarmsProps): readonly AlarmSpec[] {
  const sum = { statistic: 'Sum', period: Duration.minutes(5) };
  return [
    {
      name: 'failed-executions',
      description: 'A job failed: its message names the error.',
      metric: props.machine.metricFailed(sum),
    },
    {
      name: 'timed-out-executions',
      description: `An execution of ${stateMachineName} outlived its own time limit.`,
      metric: props.machine.metricTimedOut(sum),
    },
    {
      name: 'blocked-queue',
      description: 'AWS Batch said that the head of a queue is blocked.',
      metric: new Metric({
        ...sum,
        namespace: 'AWS/Events',
        metricName: 'MatchedEvents',
        dimensionsMap: { RuleName: props.blockedQueue.ruleName },
      }),
    },
    {
      name: 'failed-notification',
      description: 'A message of a job or an alarm did not arrive.',
      metric: failedMessages(scope, props),
    },
    {
      name: 'undelivered-event',
      description: 'An event or a schedule reached none of the functions; it waits in the dead-letter queue.',
      metric: props.undelivered.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
    },
    {
      name: 'idle-gpu',
      description: 'A GPU instance runs without a job for 30 minutes.',
      metric: idleInstances(scope, props.functions),
      times: 2,
    },
  ];
}

/** Those that did not reach a subscriber, and those that the topic refused: the machine goes on after both. */
function failedMessages(scope: Construct, { messages, machineLog }: AlarmsProps): IMetric {
  const refused = new MetricFilter(scope, 'RefusedMessages', {
    metricNamespace: 'spot-diffusion',
    metricName: 'RefusedMessages',
    logGroup: machineLog,
    filterPattern: FilterPattern.all(
      FilterPattern.stringValue('$.type', '=', 'TaskFailed'),
      FilterPattern.stringValue('$.details.resourceType', '=', 'sns'),
    ),
  });
  const sum = { statistic: 'Sum', period: Duration.minutes(5) };
  return new MathExpression({
    expression: 'FILL(undelivered, 0) + FILL(refused, 0)',
    label: 'failed messages',
    period: sum.period,
    usingMetrics: {
      undelivered: messages.topic.metricNumberOfNotificationsFailed(sum),
      refused: refused.metric(sum),
    },
  });
}

/** Billed as a custom metric only in the hours in which an instance is idle: no value is written otherwise. */
function idleInstances(scope: Construct, functions: Functions): Metric {
  const idle = new MetricFilter(scope, 'IdleInstances', {
    metricNamespace: 'spot-diffusion',
    metricName: 'IdleInstances',
    logGroup: functions.get('find-idle-instances').logGroup,
    filterPattern: FilterPattern.numberValue('$.idleInstances', '>', 0),
    metricValue: '$.idleInstances',
  });
  // Longer than the time between two looks, so that no period is empty by chance.
  return idle.metric({ statistic: 'Maximum', period: Duration.minutes(15) });
}
