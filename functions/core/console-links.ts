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
