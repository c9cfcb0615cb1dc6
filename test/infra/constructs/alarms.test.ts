import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionsDir } from '../../../infra/paths.ts';
import { aTemplate } from '../synth.ts';

const template = aTemplate({ monthlyBudgetUsd: 80 });
const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
const [topic] = Object.keys(template.findResources('AWS::SNS::Topic'));
const ofName = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `spot-diffusion-${name}`);
const idOf = (prefix: string) => ({ Ref: expect.stringMatching(new RegExp(`^${prefix}`)) });

describe('the alarms', () => {
  it('are six, each of a name, and tell the topic', () => {
    expect(alarms.map(({ AlarmName }) => AlarmName.replace('spot-diffusion-', '')).sort()).toEqual([
      'blocked-queue',
      'failed-executions',
      'failed-notification',
      'idle-gpu',
      'timed-out-executions',
      'undelivered-event',
    ]);
    for (const { AlarmActions } of alarms) expect(AlarmActions).toEqual([{ Ref: topic }]);
  });

  it('stay silent while nothing happens', () => {
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        TreatMissingData: 'notBreaching',
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
      });
    }
  });

  it('look at the executions of this machine', () => {
    for (const [name, metric] of [
      ['failed-executions', 'ExecutionsFailed'],
      ['timed-out-executions', 'ExecutionsTimedOut'],
    ] as const) {
      expect(ofName(name)).toMatchObject({
        MetricName: metric,
        Dimensions: [{ Name: 'StateMachineArn', Value: idOf('WorkflowMachine') }],
      });
    }
  });

  it('look at the rule of blocked queues, the topic and the dead-letter queue', () => {
    expect(ofName('blocked-queue')).toMatchObject({
      Namespace: 'AWS/Events',
      MetricName: 'MatchedEvents',
      Dimensions: [{ Name: 'RuleName', Value: idOf('WaitingBlockedQueue') }],
    });
    expect(JSON.stringify(ofName('failed-notification'))).toContain('"MetricName":"NumberOfNotificationsFailed"');
    expect(ofName('undelivered-event')).toMatchObject({ MetricName: 'ApproximateNumberOfMessagesVisible' });
  });

  it('tell of a GPU instance that is idle for half an hour, by a field that the function logs', () => {
    const { Period, EvaluationPeriods, MetricName } = ofName('idle-gpu') ?? {};
    expect({ seconds: Period * EvaluationPeriods, MetricName }).toEqual({ seconds: 1800, MetricName: 'IdleInstances' });
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: '{ $.idleInstances > 0 }',
      MetricTransformations: [
        { MetricNamespace: 'spot-diffusion', MetricName: 'IdleInstances', MetricValue: '$.idleInstances' },
      ],
    });
    expect(readFileSync(join(functionsDir, 'find-idle-instances.lambda.ts'), 'utf8')).toContain('idleInstances:');
  });
});

describe('the budget', () => {
  it('warns at 80 % of the month, and when 100 % is forecast', () => {
    const [budget] = Object.values(template.findResources('AWS::Budgets::Budget'));
    expect(budget?.Properties.Budget).toMatchObject({ TimeUnit: 'MONTHLY', BudgetLimit: { Amount: 80, Unit: 'USD' } });
    const warnings: { Notification: { NotificationType: string; Threshold: number }; Subscribers: unknown }[] =
      budget?.Properties.NotificationsWithSubscribers;
    expect(warnings.map(({ Notification }) => [Notification.NotificationType, Notification.Threshold])).toEqual([
      ['ACTUAL', 80],
      ['FORECASTED', 100],
    ]);
    for (const { Subscribers } of warnings) {
      expect(Subscribers).toEqual([{ SubscriptionType: 'SNS', Address: { Ref: topic } }]);
    }
  });
});

describe('the dashboard', () => {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);

  it.each([
    'Images per day',
    'Cost per image, USD',
    'Attempts and interruptions per pool',
    'Waiting, by reason',
    'Executions',
  ])('shows: %s', (title) => {
    expect(body).toContain(title);
  });

  it('asks for fields that the functions log', () => {
    const logged = {
      'settle-attempt': ['pool', 'outcome', 'usd'],
      'explain-waiting': ['verdict', 'pool', 'waitedSeconds'],
    };
    for (const [name, fields] of Object.entries(logged)) {
      const entry = readFileSync(join(functionsDir, `${name}.lambda.ts`), 'utf8');
      const state = /logged\(\s*'([^']+)'/.exec(entry)?.[1];
      const parts = body.split('SOURCE').filter((part) => part.includes(`state = '${state}'`));
      const query = parts.join();
      for (const field of fields) {
        expect(query).toMatch(new RegExp(`\\b${field}\\b`));
        expect(entry.slice(entry.indexOf('summarize'))).toMatch(new RegExp(`\\b${field}\\b`));
      }
    }
  });
});
