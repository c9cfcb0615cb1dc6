import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** CloudWatch knows certain numbers of days alone: the next one that keeps at least as long. */
export function toRetention(days: number): RetentionDays {
  const known = Object.values(RetentionDays).filter((value): value is RetentionDays => typeof value === 'number');
  return known.find((value) => value >= days) ?? RetentionDays.INFINITE;
}
