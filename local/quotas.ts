import { ACCOUNT, REGION } from './names.ts';
import { type Endpoint, toJsonError, toJsonReply } from './wire.ts';

/** vCPUs, as a new GPU account has them after its first granted request. Codes: Service Quotas, service `ec2`. */
const QUOTAS = [
  { QuotaCode: 'L-3819A6DF', QuotaName: 'All G and VT Spot Instance Requests', Value: 64 },
  { QuotaCode: 'L-DB2E81BA', QuotaName: 'Running On-Demand G and VT instances', Value: 64 },
  { QuotaCode: 'L-7212CCBC', QuotaName: 'All P4, P3 and P2 Spot Instance Requests', Value: 0 },
  { QuotaCode: 'L-417A185B', QuotaName: 'Running On-Demand P instances', Value: 0 },
].map((quota) => ({
  ...quota,
  ServiceCode: 'ec2',
  ServiceName: 'Amazon Elastic Compute Cloud (Amazon EC2)',
  QuotaArn: `arn:aws:servicequotas:${REGION}:${ACCOUNT}:ec2/${quota.QuotaCode}`,
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
