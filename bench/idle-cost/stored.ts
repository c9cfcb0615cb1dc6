import { prices } from '../../functions/core/market/service-prices.ts';
import { ofType, type Template, valueAt } from './template.ts';

/** What is paid by the gigabyte as long as it lies there. Sizes are estimates, none was measured on AWS. */
export interface Stored {
  readonly what: string;
  readonly usdPerGbMonth: number;
  readonly why: string;
}

/** Of the worker, as ECR keeps it: an estimate. */
const imageGb = 5.5;
export const usdPerImage = imageGb * prices.imageGbMonth;

/** The rule that deletes the oldest says how many stay. */
function listImages(template: Template): readonly Stored[] {
  return ofType(template, 'AWS::ECR::Repository').map((repository) => {
    const rules = String(valueAt(repository, 'LifecyclePolicy.LifecyclePolicyText'));
    const most = /"countNumber":(\d+)/.exec(rules)?.[1];
    const kept = most === undefined ? 'all are kept' : `up to ${most} are kept`;
    const why = `ECR; about ${imageGb} GB and $${usdPerImage.toFixed(2)} an image, less what two share; ${kept}`;
    return { what: 'worker image', usdPerGbMonth: prices.imageGbMonth, why };
  });
}

const byType: Readonly<Record<string, readonly Stored[]>> = {
  'AWS::S3::Bucket': [
    {
      what: 'weights',
      usdPerGbMonth: prices.objectGbMonth,
      why: 'S3; 2 GB (SD 1.5) to 32 GB (FLUX.1): $0.05 to $0.73',
    },
    { what: 'pictures', usdPerGbMonth: prices.objectGbMonth, why: 'S3; 0.5 to 2 MB each: $0.01 to $0.05 per 1,000' },
  ],
  'AWS::DynamoDB::Table': [
    { what: 'ledger', usdPerGbMonth: prices.tableGbMonth, why: 'DynamoDB; kilobytes per job, 25 GB are free' },
  ],
  'AWS::Logs::LogGroup': [
    { what: 'logs', usdPerGbMonth: prices.logGbMonth, why: 'CloudWatch; kept for the retention, 5 GB are free' },
  ],
  'AWS::ImageBuilder::ImagePipeline': [
    {
      what: 'golden AMI',
      usdPerGbMonth: prices.snapshotGbMonth,
      why: 'EBS snapshot; 25 to 40 GB of blocks: $1.25 to $2, for days twice that while a new one is adopted',
    },
  ],
};

const backups: Stored = {
  what: "ledger's backups",
  usdPerGbMonth: prices.tableBackupGbMonth,
  why: 'point-in-time recovery, by the size of the table; no free tier',
};

const assets: Stored = {
  what: "sources in the bootstrap's bucket",
  usdPerGbMonth: prices.objectGbMonth,
  why: 'S3; about 0.03 GB per deploy that changed something, kept until `cdk gc`',
};

const isBackedUp = (table: Template[number]) =>
  valueAt(table, 'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled') === true;

export function listStored(template: Template): readonly Stored[] {
  const found = Object.entries(byType).flatMap(([type, stored]) => (ofType(template, type).length ? stored : []));
  const isAnyBackedUp = ofType(template, 'AWS::DynamoDB::Table').some(isBackedUp);
  return [...listImages(template), ...found, ...(isAnyBackedUp ? [backups] : []), assets];
}
