import { randomUUID } from 'node:crypto';
import { gpuQuotas } from '../../functions/core/market/quotas.ts';
import { type Endpoint, toJsonError, toJsonReply, type WireReply } from '../address/wire.ts';
import { ACCOUNT, REGION } from '../names.ts';

/** vCPUs, as a new GPU account has them after its first granted request: G in both markets, nothing of P. */
export const GRANTED_VCPUS = 64;
const QUOTAS = gpuQuotas.map(({ code, name, counts }) => ({
  QuotaCode: code,
  QuotaName: name,
  Value: counts.includes('g*') ? GRANTED_VCPUS : 0,
  ServiceCode: 'ec2',
  ServiceName: 'Amazon Elastic Compute Cloud (Amazon EC2)',
  QuotaArn: `arn:aws:servicequotas:${REGION}:${ACCOUNT}:ec2/${code}`,
  Unit: 'None',
  Adjustable: true,
  GlobalQuota: false,
}));

type Quota = (typeof QUOTAS)[number];

/** A request for more, which nobody decides here: it stays as it is until the endpoint ends. */
interface Change {
  readonly Id: string;
  readonly QuotaCode: string;
  readonly QuotaName: string;
  readonly ServiceCode: string;
  readonly DesiredValue: number;
  readonly Status: 'PENDING';
  /** Seconds since the epoch. */
  readonly Created: number;
}

const refuse = (name: string, message: string) => toJsonError(400, name, message);

function requestIncrease(quota: Quota, desired: number, changes: Change[], now: Date): WireReply {
  const { QuotaCode, QuotaName, ServiceCode, Value } = quota;
  if (!(desired > Value)) {
    return refuse('IllegalArgumentException', `Expected more than the ${Value} that the quota has, got ${desired}.`);
  }
  if (changes.some((change) => change.QuotaCode === QuotaCode)) {
    return refuse(
      'ResourceAlreadyExistsException',
      'Only one open service quota increase request is allowed per quota.',
    );
  }
  const asked = { Id: randomUUID(), QuotaCode, QuotaName, ServiceCode, DesiredValue: desired };
  const change: Change = { ...asked, Status: 'PENDING', Created: now.getTime() / 1000 };
  changes.push(change);
  return toJsonReply({ RequestedQuota: change });
}

/** Service Quotas of an account of its own, in memory. */
export function makeQuotas(now: () => Date): Endpoint {
  const changes: Change[] = [];
  const ofQuota: Readonly<Record<string, (quota: Quota, input: Record<string, unknown>) => WireReply>> = {
    GetServiceQuota: (quota) => toJsonReply({ Quota: quota }),
    ListRequestedServiceQuotaChangeHistoryByQuota: ({ QuotaCode }) =>
      toJsonReply({ RequestedQuotas: changes.filter((change) => change.QuotaCode === QuotaCode) }),
    RequestServiceQuotaIncrease: (quota, { DesiredValue }) =>
      requestIncrease(quota, Number(DesiredValue), changes, now()),
  };
  return async ({ headers, body }) => {
    const action = String(headers['x-amz-target']).split('.').at(-1) ?? '';
    const input: Record<string, unknown> = JSON.parse(body.toString() || '{}');
    if (action === 'ListServiceQuotas') return toJsonReply({ Quotas: input.ServiceCode === 'ec2' ? QUOTAS : [] });
    const answer = ofQuota[action];
    if (!answer) {
      const known = ['ListServiceQuotas', ...Object.keys(ofQuota)].join(', ');
      return refuse('UnknownOperationException', `Expected one of ${known}, got ${action}.`);
    }
    const quota = QUOTAS.find(({ QuotaCode }) => QuotaCode === input.QuotaCode && input.ServiceCode === 'ec2');
    if (quota) return answer(quota, input);
    return refuse('NoSuchResourceException', 'The request failed because the specified quota does not exist.');
  };
}
