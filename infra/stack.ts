import { CfnOutput, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { stackTag } from '../functions/core/our-tag.ts';
import { checkConfig } from './check-config.ts';
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
import { makeUndelivered } from './constructs/undelivered.ts';
import { Waiting } from './constructs/waiting.ts';
import { Worker } from './constructs/worker.ts';
import { WorkerImage } from './constructs/worker-image.ts';
import { Workflow } from './constructs/workflow.ts';
import { schedulesDir } from './paths.ts';
import { listQuotaNeeds } from './quota-needs.ts';
import { toRetention } from './retention.ts';
import { argueVendors, shortenVendorLogs } from './vendors.ts';
import { arguePolicies } from './wildcards.ts';

export interface SpotDiffusionProps extends StackProps {
  readonly config: Config;
  /** What could not be read of the configuration. */
  readonly problems?: readonly string[];
  /** Where `schedules/*.json` lie. */
  readonly schedulesDir?: string;
}

/**
 * The whole system in one account and region. Costs about $2 a month while nobody uses it, with one worker image in ECR (each
 * further one $0.55 at most, up to four), weights and pictures apart.
 */
export class SpotDiffusionStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: SpotDiffusionProps) {
    super(scope, id, { description: 'spot-diffusion: batch text-to-image on the cheapest EC2 Spot GPU', ...props });
    Tags.of(this).add(stackTag.key, stackTag.value);
    const problems = [...(props.problems ?? []), ...checkConfig(config)];
    this.node.addValidation({ validate: () => problems });
    const schedules = new Schedules(this, 'Schedules', {
      folder: props.schedulesDir ?? schedulesDir,
      defaultModel: config.defaultModel,
    });
    // Constructs can't be made from a table that is wrong.
    if (problems.length === 0) this.make(config, schedules);
  }

  private make(config: Config, schedules: Schedules): void {
    const { defaultModel, logExecutionData, monthlyBudgetUsd } = config;
    const retention = toRetention(config.logRetentionDays);
    const undelivered = makeUndelivered(this, 'Undelivered');
    this.makePools(config);
    const { bucket, table } = new Storage(this, 'Storage');
    const image = new WorkerImage(this, 'WorkerImage', { retention });
    const worker = new Worker(this, 'Worker', { image, bucket, retention });
    new ModelImport(this, 'ModelImport', { bucket, defaultModel, retention });

    const messages = new Messages(this, 'Messages', config.email);
    const timers = new Timers(this, 'Timers');
    const own = { bucket, table, messages, timers, undelivered };
    const functions = new Functions(this, 'Functions', { ...own, config, retention });
    const steps = { functions, worker, messages, undelivered };
    const { machine, log } = new Workflow(this, 'Workflow', { ...steps, retention, logExecutionData });
    const { blockedQueue } = new Waiting(this, 'Waiting', { functions, undelivered });
    schedules.deliver({ machine, timers, undelivered });
    const scheduleRole = new ScheduleRole(this, 'ScheduleRole', { machine, undelivered });
    if (config.goldenAmi) new GoldenAmi(this, 'GoldenAmi', { config, functions, image, undelivered });

    const watched = { machine, machineLog: log, functions, messages, blockedQueue, undelivered };
    new Alarms(this, 'Alarms', { ...watched, monthlyBudgetUsd });
    new Dashboard(this, 'Dashboard', { functions, machine });
    const drill = new Drill(this, 'Drill', config);

    this.argue(bucket, retention);
    this.print({
      StateMachineArn: machine.stateMachineArn,
      BucketName: bucket.bucketName,
      GalleryUrl: functions.galleryUrl,
      InterruptTemplateId: drill.interruptTemplateId,
      LedgerName: table.tableName,
      TopicArn: messages.topic.topicArn,
      ScheduleRoleArn: scheduleRole.arn,
      UndeliveredQueueArn: undelivered.queueArn,
      WorkerImage: image.uri,
      ImportProject: importProjectName,
      DefaultModel: defaultModel,
      Zones: config.zones.join(','),
      InstanceTypes: config.instanceTypes.join(','),
    });
  }

  private makePools(config: Config): void {
    const account = new Account(this, 'Account', listQuotaNeeds(config));
    const network = new Network(this, 'Network', config);
    const instances = new Instances(this, 'Instances', config);
    const pools = new Pools(this, 'Pools', { config, network, instances });
    pools.node.addDependency(account);
  }

  private argue(bucket: Bucket, retention: RetentionDays): void {
    arguePolicies(this, bucket);
    argueVendors(this);
    shortenVendorLogs(this, retention);
  }

  /** What the commands read (`cli/target`), and a person. */
  private print(outputs: Readonly<Record<string, string>>): void {
    // Beside a construct of the same name.
    for (const [key, value] of Object.entries(outputs)) {
      if (value) new CfnOutput(this, `${key}Output`, { value }).overrideLogicalId(key);
    }
  }
}
