import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { CfnProject } from 'aws-cdk-lib/aws-codebuild';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';

import { acknowledge } from './acknowledge.ts';

const library = 'Made by a library of AWS and run at deploy alone; its policy is not ours to write.';

const isVendored = (path: string) => /AWS679f|DeployTimeBuild/.test(path);

/** Libraries keep their logs for two years and after the stack: as ours, they go with it. */
export function shortenVendorLogs(stack: Stack, retention: RetentionDays): void {
  for (const node of stack.node.findAll()) {
    if (!(node instanceof CfnLogGroup) || !isVendored(node.node.path)) continue;
    node.retentionInDays = retention;
    node.applyRemovalPolicy(RemovalPolicy.DESTROY);
  }
}

/**
 * Findings in what libraries make: the handler of single SDK calls (aws-cdk-lib), the image build
 * (@cdklabs/deploy-time-build), and CodeBuild's own logs and reports.
 */
export function argueVendors(stack: Stack): void {
  const managed = ['service-role/AWSLambdaBasicExecutionRole', 'AmazonElasticContainerRegistryPublicReadOnly'];
  const bootstrap = `cdk-hnb659fds-assets-<AWS::AccountId>-${stack.region}`;
  const reasons = Object.fromEntries([
    ...managed.map((name) => [`AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${name}]`, library]),
    ...['s3:GetObject*', 's3:GetBucket*', 's3:List*'].map((action) => [
      `AwsSolutions-IAM5[Action::${action}]`,
      "How aws-cdk-lib lets a build read its source, in the bootstrap's bucket.",
    ]),
    [`AwsSolutions-IAM5[Resource::arn:aws:s3:::${bootstrap}/*]`, "Sources lie in the bootstrap's bucket."],
  ]);
  acknowledge(stack, reasons);
  for (const node of stack.node.findAll()) {
    if (node instanceof CfnProject) argueProject(stack, node);
    if (node instanceof CfnFunction && node.node.path.includes('DeployTimeBuild')) {
      acknowledge(node, { 'AwsSolutions-L1': 'The runtime that the library was tested with.' });
    }
  }
}

function argueProject(stack: Stack, project: CfnProject): void {
  const id = stack.getLogicalId(project);
  acknowledge(project, {
    'AwsSolutions-CB4': 'No artifacts: what a build makes goes to ECR or the bucket, encrypted there.',
  });
  acknowledge(stack, {
    [`AwsSolutions-IAM5[Resource::arn:aws:logs:${stack.region}:<AWS::AccountId>:log-group:/aws/codebuild/<${id}>:*]`]:
      'The streams of the log group of one build project.',
    [`AwsSolutions-IAM5[Resource::arn:aws:codebuild:${stack.region}:<AWS::AccountId>:report-group/<${id}>-*]`]:
      'The report groups of one build project.',
  });
}
