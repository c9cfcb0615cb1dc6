/** Where the worker's container writes: `infra/constructs/worker.ts`. */
export const workerLogGroup = '/spot-diffusion/worker';

/** Each partition of AWS has a console of its own. */
function consoleOf(region: string): string {
  if (region.startsWith('cn-')) return `https://${region}.console.amazonaws.cn`;
  if (region.startsWith('us-gov-')) return `https://${region}.console.amazonaws-us-gov.com`;
  return `https://${region}.console.aws.amazon.com`;
}

/** The console of CloudWatch Logs wants names encoded twice, the second time with `$` in place of `%`. */
const forLogs = (name: string) => encodeURIComponent(encodeURIComponent(name)).replaceAll('%', '$');

export const logStreamLink = (region: string, stream: string, group: string = workerLogGroup) =>
  `${consoleOf(region)}/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${forLogs(group)}/log-events/${forLogs(stream)}`;

export const batchJobLink = (region: string, jobId: string) =>
  `${consoleOf(region)}/batch/home?region=${region}#jobs/ec2/detail/${encodeURIComponent(jobId)}`;

/** @param arn `arn:<partition>:states:<region>:<account>:execution:<machine>:<name>` */
export function executionLink(arn: string): string {
  const region = arn.split(':')[3] ?? '';
  return `${consoleOf(region)}/states/home?region=${region}#/v2/executions/details/${arn}`;
}

/** @param id ARN of the stack, or its name */
export const stackLink = (region: string, id: string) =>
  `${consoleOf(region)}/cloudformation/home?region=${region}#/stacks/stackinfo?stackId=${encodeURIComponent(id)}`;

export const quotaPageLink = (region: string, code: string) =>
  `${consoleOf(region)}/servicequotas/home/services/ec2/quotas/${code}?region=${region}`;

export const batchQueuesLink = (region: string) => `${consoleOf(region)}/batch/home?region=${region}#queues`;

export const batchEnvironmentsLink = (region: string) =>
  `${consoleOf(region)}/batch/home?region=${region}#compute-environments`;

export const logGroupLink = (region: string, group: string) =>
  `${consoleOf(region)}/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${forLogs(group)}`;

export const bucketLink = (region: string, bucket: string, prefix: string) =>
  `${consoleOf(region)}/s3/buckets/${bucket}?region=${region}&prefix=${encodeURIComponent(prefix)}`;

/** Roles belong to the account, not to a region. */
export const rolesLink = (region: string) => `${consoleOf(region)}/iam/home#/roles`;
