import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { listQuotaNeeds } from '../../../infra/quota-needs.ts';
import { aConfig, aTemplate } from '../synth.ts';

const template = aTemplate();
const callsOf = (type: string, given = template) =>
  Object.values(given.findResources(type)).map(({ Properties }) => JSON.parse(Properties.Create));

describe('the account', () => {
  it('gets the service-linked roles that a new one lacks; one that exists is no fault', () => {
    const calls = callsOf('Custom::ServiceLinkedRole');
    expect(calls.map(({ parameters }) => parameters.AWSServiceName).sort()).toEqual([
      'autoscaling.amazonaws.com',
      'batch.amazonaws.com',
      'ecs.amazonaws.com',
      'spot.amazonaws.com',
    ]);
    for (const call of calls) {
      expect(call).toMatchObject({ action: 'createServiceLinkedRole', ignoreErrorCodesMatching: 'InvalidInput' });
    }
  });

  it('keeps those roles when the stack goes: others use them, too', () => {
    template.allResourcesProperties('Custom::ServiceLinkedRole', { Delete: Match.absent() });
  });

  it('is asked for its quotas by the deploy; outputs say what it had, what is needed and where to ask', () => {
    expect(callsOf('Custom::Quota').map(({ parameters }) => parameters)).toEqual([
      { ServiceCode: 'ec2', QuotaCode: 'L-3819A6DF' },
      { ServiceCode: 'ec2', QuotaCode: 'L-DB2E81BA' },
    ]);
    const { QuotaL3819A6DF: spot, QuotaLDB2E81BA: onDemand } = template.toJSON().Outputs;
    expect(JSON.stringify(spot)).toMatch(
      /All G and VT Spot Instance Requests: had ".*"Quota\.Value".* vCPUs when .*, need 4\. .*quotas\/L-3819A6DF/,
    );
    expect(JSON.stringify(onDemand)).toContain('Running On-Demand G and VT instances: had ');
  });

  it('needs of each quota what the largest type of a family takes', () => {
    const given = { instanceTypes: ['g6.xlarge', 'g6.2xlarge', 'p5.4xlarge'], zones: ['use1-az4'] };
    expect(listQuotaNeeds(aConfig(given)).map(({ code, need }) => [code, need])).toEqual([
      ['L-3819A6DF', 8],
      ['L-DB2E81BA', 8],
      ['L-C4BD4855', 16],
      ['L-417A185B', 16],
    ]);
  });
});
