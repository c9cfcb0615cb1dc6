/**
 * List prices of us-east-1 in USD, as of 2026-11. Source: the pricing page of each service on aws.amazon.com (named behind
 * each), Lambda for arm64.
 */
export const prices = {
  kmsKeyMonth: 1, // kms
  /** Each of the first two rotations keeps one more version that is paid for; further ones are free. */
  kmsRotationMonth: 1, // kms
  secretMonth: 0.4, // secrets-manager; free for 30 days only
  alarmMetricMonth: 0.1, // cloudwatch
  dashboardMonth: 3, // cloudwatch
  lambdaRequest: 0.2 / 1e6, // lambda
  lambdaGbSecond: 0.0000133334, // lambda
  trace: 5 / 1e6, // xray
  logGbIngested: 0.5, // cloudwatch
  logGbMonth: 0.03, // cloudwatch
  interfaceEndpointHour: 0.01, // privatelink, per zone
  publicIpHour: 0.005, // vpc
  natGatewayHour: 0.045, // vpc
  gp3GbMonth: 0.08, // ebs
  snapshotGbMonth: 0.05, // ebs
  imageGbMonth: 0.1, // ecr
  objectGbMonth: 0.023, // s3, Standard
  tableGbMonth: 0.25, // dynamodb
  tableBackupGbMonth: 0.2, // dynamodb, point-in-time recovery
} as const;

/** On-demand prices per hour of what builds a golden AMI. Source: ec2/pricing/on-demand. */
export const builderUsdPerHour: Readonly<Record<string, number>> = { 'm6i.large': 0.096, 'm5.large': 0.096 };

/** What AWS gives every account each month for ever; what a new account gets for a year is not counted. */
export const freeEachMonth = {
  alarmMetrics: 10,
  dashboards: 3,
  lambdaRequests: 1e6,
  lambdaGbSeconds: 400_000,
  traces: 100_000,
  logGb: 5,
} as const;

export const hoursPerMonth = 730;
