import { CfnOutput, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';

/**
 * A new account lacks the service-linked roles: without AWSServiceRoleForEC2Spot a compute environment becomes INVALID, and
 * the first use of ECS by Batch races for its own. Idempotent: a role that exists answers InvalidInput.
 */
const services = ['spot', 'batch', 'ecs', 'autoscaling'].map((name) => `${name}.amazonaws.com`);

/** Prepares the account: what must exist before the first compute environment. */
export class Account extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    for (const service of services) {
      const call = {
        service: 'IAM',
        action: 'createServiceLinkedRole',
        parameters: { AWSServiceName: service },
        physicalResourceId: PhysicalResourceId.of(service),
        ignoreErrorCodesMatching: 'InvalidInput',
      };
      new AwsCustomResource(this, `Role-${service.split('.')[0]}`, {
        resourceType: 'Custom::ServiceLinkedRole',
        onUpdate: call,
        installLatestAwsSdk: false,
        policy: AwsCustomResourcePolicy.fromStatements([
          new PolicyStatement({
            actions: ['iam:CreateServiceLinkedRole'],
            resources: [
              `arn:${Stack.of(this).partition}:iam::${Stack.of(this).account}:role/aws-service-role/${service}/*`,
            ],
          }),
        ]),
      });
    }
  }

  /** Reads a quota at deploy and prints it beside what the configuration needs. */
  reportQuota(quota: {
    readonly code: string;
    readonly name: string;
    readonly need: number;
    readonly link: string;
  }): void {
    const reading = new AwsCustomResource(this, `Quota-${quota.code}`, {
      resourceType: 'Custom::Quota',
      onUpdate: {
        service: 'ServiceQuotas',
        action: 'getServiceQuota',
        parameters: { ServiceCode: 'ec2', QuotaCode: quota.code },
        // Read anew whenever the need changes.
        physicalResourceId: PhysicalResourceId.of(`${quota.code}-${quota.need}`),
        outputPaths: ['Quota.Value'],
      },
      installLatestAwsSdk: false,
      policy: AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({ actions: ['servicequotas:GetServiceQuota'], resources: ['*'] }),
      ]),
    });
    new CfnOutput(this, `Output-${quota.code}`, {
      key: `Quota${quota.code.replaceAll('-', '')}`,
      value: `${quota.name}: had ${reading.getResponseField('Quota.Value')} vCPUs when this was first deployed, need ${quota.need}. ${quota.link}`,
    });
  }
}
