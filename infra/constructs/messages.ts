import { Annotations, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { allow } from './grants.ts';

/** AWS services that send to the topic; none of them can use the AWS-owned SNS key, whose policy is fixed. */
const senders = ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'];

/** One topic for jobs and alarms, encrypted with a key whose policy admits those services. */
export class Messages extends Construct {
  readonly topic: Topic;
  private readonly key: Key;

  constructor(scope: Construct, id: string, email?: string) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'spot-diffusion: messages of jobs and alarms',
      enableKeyRotation: true,
      // Each of the first two rotations adds $1 a month for ever: as seldom as AWS allows.
      rotationPeriod: Duration.days(2560),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.topic = new Topic(this, 'Topic', {
      displayName: 'spot-diffusion',
      masterKey: this.key,
      enforceSSL: true,
    });
    // Of this account: the services work for everybody.
    const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    for (const service of senders) {
      const principals = [new ServicePrincipal(service, { conditions })];
      this.key.addToResourcePolicy(
        new PolicyStatement({ principals, actions: ['kms:GenerateDataKey*', 'kms:Decrypt'], resources: ['*'] }),
      );
      this.topic.addToResourcePolicy(
        new PolicyStatement({ principals, actions: ['sns:Publish'], resources: [this.topic.topicArn] }),
      );
    }
    if (email) this.topic.addSubscription(new EmailSubscription(email));
    else this.warnOfSilence();
  }

  private warnOfSilence(): void {
    Annotations.of(this).addWarningV2(
      'spot-diffusion:nobody-is-told',
      'Alarms and messages of jobs go to an SNS topic without subscribers. To fix: set `spot-diffusion:email`.',
    );
  }

  /** What a sender in this stack needs. */
  publishStatements(): readonly PolicyStatement[] {
    return [
      allow(['sns:Publish'], [this.topic.topicArn]),
      allow(['kms:GenerateDataKey', 'kms:Decrypt'], [this.key.keyArn]),
    ];
  }
}
