import { findInstanceType } from '../../../functions/core/market/instance-types.ts';
import { builderUsdPerHour, hoursPerMonth, prices } from '../../../functions/core/market/service-prices.ts';
import type { Amount } from '../../target/objects.ts';
import { count, size } from '../../words/amounts.ts';
import type { Leftover } from './leftover.ts';

/* What each kind costs a month at list prices, and what removes it. AWS bills by the GiB and calls it GB. */
const gib = 2 ** 30;

/** A running one; a stopped one costs its volumes alone. Spot costs less: at most the price on demand. */
export function instanceLeftover(id: string, type: string, { market }: { readonly market: string }): Leftover {
  const usdPerHour = findInstanceType(type)?.onDemandUsdPerHour ?? builderUsdPerHour[type];
  return {
    kind: 'instance',
    id,
    says: `${type}, ${market}${market === 'spot' ? ': at most' : ''}`,
    ...(usdPerHour !== undefined && { usdPerMonth: usdPerHour * hoursPerMonth }),
    fix: `aws ec2 terminate-instances --instance-ids ${id}`,
  };
}

export const volumeLeftover = (id: string, sizeGib: number, type: string): Leftover => ({
  kind: 'volume',
  id,
  says: `${sizeGib} GiB of ${type}`,
  usdPerMonth: sizeGib * prices.gp3GbMonth,
  fix: `aws ec2 delete-volume --volume-id ${id}`,
});

/** Only blocks that were written are billed, and nothing tells how many. */
export const snapshotLeftover = (id: string, sizeGib: number, imageId?: string): Leftover => ({
  kind: 'snapshot',
  id,
  says: `of ${sizeGib} GiB${imageId ? `, of the machine image ${imageId}` : ''}: at most`,
  usdPerMonth: sizeGib * prices.snapshotGbMonth,
  fix: `${imageId ? `aws ec2 deregister-image --image-id ${imageId}; ` : ''}aws ec2 delete-snapshot --snapshot-id ${id}`,
});

export const addressLeftover = (id: string, address: string): Leftover => ({
  kind: 'address',
  id,
  says: `public IPv4 ${address}`,
  usdPerMonth: prices.publicIpHour * hoursPerMonth,
  fix: id.startsWith('eipalloc-') ? `aws ec2 release-address --allocation-id ${id}` : 'goes with its instance',
});

export const natLeftover = (id: string): Leftover => ({
  kind: 'NAT gateway',
  id,
  says: 'without its traffic',
  usdPerMonth: prices.natGatewayHour * hoursPerMonth,
  fix: `aws ec2 delete-nat-gateway --nat-gateway-id ${id}`,
});

export const repositoryLeftover = (name: string, images: number, bytes: number): Leftover => ({
  kind: 'image',
  id: name,
  says: `${count(images, 'image')} in ECR, ${size(bytes)}: at most, layers that they share are billed once`,
  usdPerMonth: (bytes / gib) * prices.imageGbMonth,
  fix: `aws ecr delete-repository --force --repository-name ${name}`,
});

export const logLeftover = (name: string, bytes: number): Leftover => ({
  kind: 'log group',
  id: name,
  says: size(bytes),
  usdPerMonth: (bytes / gib) * prices.logGbMonth,
  fix: `aws logs delete-log-group --log-group-name ${name}`,
});

export const bucketLeftover = (name: string, { objects, bytes }: Amount, fix: string): Leftover => ({
  kind: 'bucket',
  id: name,
  says: `${count(objects, 'object')}, ${size(bytes)}`,
  usdPerMonth: (bytes / gib) * prices.objectGbMonth,
  fix,
});

/** DynamoDB counts every six hours: a young table says that it is empty. */
export const tableLeftover = (name: string, bytes: number, fix: string): Leftover => ({
  kind: 'table',
  id: name,
  says: `${size(bytes)} as of the last six hours, with its backups`,
  usdPerMonth: (bytes / gib) * (prices.tableGbMonth + prices.tableBackupGbMonth),
  fix,
});

export const alarmLeftover = (name: string): Leftover => ({
  kind: 'alarm',
  id: name,
  says: 'beyond ten metrics that are free',
  usdPerMonth: prices.alarmMetricMonth,
  fix: `aws cloudwatch delete-alarms --alarm-names ${name}`,
});

export const secretLeftover = (name: string): Leftover => ({
  kind: 'secret',
  id: name,
  says: 'a token',
  usdPerMonth: prices.secretMonth,
  fix: `aws secretsmanager delete-secret --secret-id ${name.replace(/-\w{6}$/, '')}`,
});

export const keyLeftover = (id: string): Leftover => ({
  kind: 'key',
  id,
  says: 'of KMS',
  usdPerMonth: prices.kmsKeyMonth,
  fix: `aws kms schedule-key-deletion --key-id ${id}`,
});
