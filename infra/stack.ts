import { Annotations, CfnOutput, Duration, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { renderedModelIds } from '../functions/core/input/models.ts';
import { stackTag } from '../functions/core/our-tag.ts';
import { acknowledge } from './acknowledge.ts';
import { checkPools } from './check-pools.ts';
import type { Config } from './config.ts';
import { Account } from './constructs/account.ts';
import { Alarms } from './constructs/alarms.ts';
import { Dashboard } from './constructs/dashboard.ts';
import { Drill } from './constructs/drill.ts';
import { Functions } from './constructs/functions.ts';
import { GoldenAmi } from './constructs/golden-ami.ts';
import { Instances } from './constructs/instances.ts';
import { Messages } from './constructs/messages.ts';
import { importProjectName, ModelImport } from './constructs/model-import.ts';
import { Network } from './constructs/network.ts';
import { Pools } from './constructs/pools.ts';
import { ScheduleRole } from './constructs/schedule-role.ts';
import { Schedules } from './constructs/schedules.ts';
import { Storage } from './constructs/storage.ts';
import { Timers } from './constructs/timers.ts';
import { Waiting } from './constructs/waiting.ts';
import { Worker } from './constructs/worker.ts';
import { WorkerImage } from './constructs/worker-image.ts';
import { Workflow } from './constructs/workflow.ts';
import { schedulesDir } from './paths.ts';
import { listQuotaNeeds } from './quota-needs.ts';
import { argueVendors, shortenVendorLogs } from './vendors.ts';
import { arguePolicies } from './wildcards.ts';

export interface SpotDiffusionProps extends StackProps {
  readonly config: Config;
  /** What could not be read of the configuration. */
  readonly problems?: readonly string[];
  /** Where `schedules/*.json` lie. */
  readonly schedulesDir?: string;
}

/** CloudWatch knows certain numbers of days alone. */
function toRetention(days: number): RetentionDays {
  const known = Object.values(RetentionDays).filter((value): value is RetentionDays => typeof value === 'number');
  return known.find((value) => value >= days) ?? RetentionDays.INFINITE;
}

/** The whole system in one account and region. Costs about $1.40 a month while nobody uses it. */
export class SpotDiffusionStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: SpotDiffusionProps) {
    super(scope, id, {
      description: 'spot-diffusion: batch text-to-image on the cheapest EC2 Spot GPU',
      ...props,
    });
    Tags.of(this).add(stackTag.key, stackTag.value);
    const problems = [...(props.problems ?? []), ...checkPools(config), ...checkModel(config)];
    this.node.addValidation({ validate: () => problems });
    const schedules = new Schedules(this, 'Schedules', {
      folder: props.schedulesDir ?? schedulesDir,
      defaultModel: config.defaultModel,
    });
    // Constructs can't be made from a table that is wrong.
    if (problems.length) return;
    const retention = toRetention(config.logRetentionDays);
    const undelivered = this.makeUndelivered();
    const account = new Account(this, 'Account');
    const storage = new Storage(this, 'Storage');
    const messages = new Messages(this, 'Messages', config.email);
    const timers = new Timers(this, 'Timers');
    const image = new WorkerImage(this, 'WorkerImage', { retention });
    const worker = new Worker(this, 'Worker', { image, bucket: storage.bucket, retention });
    this.makePools(config, account);
    const functions = new Functions(this, 'Functions', {
      bucket: storage.bucket,
      table: storage.table,
      messages,
      timers,
      config,
      retention,
      undelivered,
    });
    const { machine, log: machineLog } = new Workflow(this, 'Workflow', {
      functions,
      worker,
      messages,
      retention,
      undelivered,
      logExecutionData: config.logExecutionData,
    });
    // They name their group, which is no reference.
    schedules.node.addDependency(timers);
    schedules.deliver({ machine, group: timers.group, undelivered });
    const { blockedQueue } = new Waiting(this, 'Waiting', { functions, undelivered });
    const scheduleRole = new ScheduleRole(this, 'ScheduleRole', { machine, undelivered });
    new ModelImport(this, 'ModelImport', { bucket: storage.bucket, defaultModel: config.defaultModel, retention });
    if (config.goldenAmi) new GoldenAmi(this, 'GoldenAmi', { config, functions, image, undelivered });
    const drill = new Drill(this, 'Drill', config);
    this.warnOfSilence(config);
    new Alarms(this, 'Alarms', {
      machineLog,
      functions,
      machine,
      messages,
      blockedQueue,
      undelivered,
      monthlyBudgetUsd: config.monthlyBudgetUsd,
    });
    new Dashboard(this, 'Dashboard', { functions, machine });
    this.argue(storage, retention);
    this.print({
      StateMachineArn: machine.stateMachineArn,
      BucketName: storage.bucket.bucketName,
      GalleryUrl: functions.galleryUrl,
      InterruptTemplateId: drill.interruptTemplateId,
      LedgerName: storage.table.tableName,
      TopicArn: messages.topic.topicArn,
      ScheduleRoleArn: scheduleRole.arn,
      UndeliveredQueueArn: undelivered.queueArn,
      WorkerImage: image.uri,
      ImportProject: importProjectName,
      DefaultModel: config.defaultModel,
      Zones: config.zones.join(','),
      InstanceTypes: config.instanceTypes.join(','),
    });
  }

  private argue(storage: Storage, retention: RetentionDays): void {
    arguePolicies(this, storage);
    argueVendors(this);
    shortenVendorLogs(this, retention);
  }

  private warnOfSilence({ email }: Config): void {
    if (email) return;
    Annotations.of(this).addWarningV2(
      'spot-diffusion:nobody-is-told',
      'Alarms and messages of jobs go to an SNS topic without subscribers. To fix: set `spot-diffusion:email`.',
    );
  }

  private makePools(config: Config, account: Account): void {
    const network = new Network(this, 'Network', config);
    const instances = new Instances(this, 'Instances', config);
    const pools = new Pools(this, 'Pools', { config, network, instances });
    pools.node.addDependency(account);
    for (const quota of listQuotaNeeds(config)) {
      account.reportQuota(quota);
      Annotations.of(this).addInfoV2(
        `spot-diffusion:quota-${quota.code}`,
        `Quota ${quota.code} (${quota.name}): need ${quota.need} vCPUs, have: printed by the deploy (a new account has 0). ${quota.link}`,
      );
    }
  }

  /** Events and schedules that reached nobody: looked at by an alarm, kept for 14 days. */
  private makeUndelivered(): Queue {
    const queue = new Queue(this, 'Undelivered', {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    acknowledge(queue, { 'AwsSolutions-SQS3': 'This is the dead-letter queue.' });
    return queue;
  }

  private print(outputs: Readonly<Record<string, string>>): void {
    // Beside a construct of the same name.
    for (const [key, value] of Object.entries(outputs)) {
      if (value) new CfnOutput(this, `${key}Output`, { value }).overrideLogicalId(key);
    }
    new CfnOutput(this, 'ImportModel', {
      value: `aws codebuild start-build --project-name ${importProjectName} --region ${this.region}`,
    });
  }
}

function checkModel({ defaultModel }: Config): readonly string[] {
  if (renderedModelIds.includes(defaultModel)) return [];
  return [`Expected \`defaultModel\` to be one of ${renderedModelIds.join(', ')}, got \`${defaultModel}\`.`];
}
