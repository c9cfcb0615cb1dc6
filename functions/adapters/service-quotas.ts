import {
  AccessDeniedException,
  GetServiceQuotaCommand,
  NoSuchResourceException,
  type ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import type { Quotas } from '../core/market/ports.ts';

export function makeServiceQuotas(client: ServiceQuotasClient): Quotas {
  return {
    vcpus: async (code) => {
      try {
        const { Quota } = await client.send(new GetServiceQuotaCommand({ ServiceCode: 'ec2', QuotaCode: code }));
        return Quota?.Value;
      } catch (error) {
        // An organization may forbid the call; a region may lack the quota.
        if (error instanceof AccessDeniedException || error instanceof NoSuchResourceException) return undefined;
        throw error;
      }
    },
  };
}
