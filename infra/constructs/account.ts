import { CfnOutput, Stack } from 'aws-cdk-lib';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import type { QuotaNeed } from '../quota-needs.ts';
import { allow, describe } from './grants.ts';

/**
 * A new account lacks the service-linked roles: without AWSServiceRoleForEC2Spot a compute environment becomes INVALID, and
 * the first use of ECS by Batch races for its own. Idempotent: a role that exists answers InvalidInput.
 */
const services = ['spot', 'batch', 'ecs', 'autoscaling'].map((name) => `${name}.amazonaws.com`);

/** Prepares the account: what must exist before the first compute environment. Says which quotas are too small. */
export class Account extends Construct {
  constructor(scope: Construct, id: string, quotas: readonly QuotaNeed[]) {
    super(scope, id);
    for (const service of services) this.makeRole(service);
    for (const quota of quotas) this.reportQuota(quota);
  }

  private makeRole(service: string): void {
    const { partition, account } = Stack.of(this);
    new AwsCustomResource(this, `Role-${service.split('.')[0]}`, {
      resourceType: 'Custom::ServiceLinkedRole',
      onUpdate: {
        service: 'IAM',
        action: 'createServiceLinkedRole',
        parameters: { AWSServiceName: service },
        physicalResourceId: PhysicalResourceId.of(service),
        ignoreErrorCodesMatching: 'InvalidInput',
      },
      installLatestAwsSdk: false,
      policy: AwsCustomResourcePolicy.fromStatements([
        allow(['iam:CreateServiceLinkedRole'], [`arn:${partition}:iam::${account}:role/aws-service-role/${service}/*`]),
      ]),
    });
  }

  /** Reads a quota at deploy and prints it beside what the configuration needs. */
  private reportQuota({ code, name, need, link }: QuotaNeed): void {
    const reading = new AwsCustomResource(this, `Quota-${code}`, {
      resourceType: 'Custom::Quota',
      onUpdate: {
        service: 'ServiceQuotas',
        action: 'getServiceQuota',
        parameters: { ServiceCode: 'ec2', QuotaCode: code },
        // Read anew whenever the need changes.
        physicalResourceId: PhysicalResourceId.of(`${code}-${need}`),
        outputPaths: ['Quota.Value'],
      },
      installLatestAwsSdk: false,
      policy: AwsCustomResourcePolicy.fromStatements([describe('servicequotas:GetServiceQuota')]),
    });
    new CfnOutput(this, `Output-${code}`, {
      key: `Quota${code.replaceAll('-', '')}`,
      value: `${name}: had ${reading.getResponseField('Quota.Value')} vCPUs when this was first deployed, need ${need}. ${link}`,
    });
  }
}
