import { gpuQuotas } from '../functions/core/quotas.ts';
import { ACCOUNT, REGION } from './names.ts';
import { type Endpoint, toJsonError, toJsonReply } from './wire.ts';

/** vCPUs, as a new GPU account has them after its first granted request: G in both markets, nothing of P. */
const GRANTED = 64;
const QUOTAS = gpuQuotas.map(({ code, name, counts }) => ({
  QuotaCode: code,
  QuotaName: name,
  Value: counts.includes('g*') ? GRANTED : 0,
  ServiceCode: 'ec2',
  ServiceName: 'Amazon Elastic Compute Cloud (Amazon EC2)',
  QuotaArn: `arn:aws:servicequotas:${REGION}:${ACCOUNT}:ec2/${code}`,
  Unit: 'None',
  Adjustable: true,
  GlobalQuota: false,
}));

export const serveQuotas: Endpoint = async ({ headers, body }) => {
  const action = String(headers['x-amz-target']).split('.').at(-1);
  const { ServiceCode: service, QuotaCode: code } = JSON.parse(body.toString() || '{}');
  if (action === 'ListServiceQuotas') return toJsonReply({ Quotas: service === 'ec2' ? QUOTAS : [] });
  if (action !== 'GetServiceQuota') {
    return toJsonError(
      400,
      'UnknownOperationException',
      `Expected GetServiceQuota or ListServiceQuotas, got ${action}.`,
    );
  }
  const quota = QUOTAS.find((candidate) => candidate.QuotaCode === code && service === 'ec2');
  if (!quota)
    return toJsonError(
      400,
      'NoSuchResourceException',
      'The request failed because the specified quota does not exist.',
    );
  return toJsonReply({ Quota: quota });
};
