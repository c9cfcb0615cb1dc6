import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { aStack, aTemplate, type Given } from '../synth.ts';

const template = aTemplate();
const callsOf = (type: string, given = template) =>
  Object.values(given.findResources(type)).map(({ Properties }) => JSON.parse(Properties.Create));

/** What the synthesis says of quotas. */
const quotasOf = (given: Given = {}) =>
  Annotations.fromStack(aStack(given))
    .findInfo('*', Match.stringLikeRegexp('^Quota L-'))
    .map(({ entry }) => String(entry.data));

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

  it('is asked for its quotas by the deploy; outputs say what it had and what is needed', () => {
    expect(callsOf('Custom::Quota').map(({ parameters }) => parameters)).toEqual([
      { ServiceCode: 'ec2', QuotaCode: 'L-3819A6DF' },
      { ServiceCode: 'ec2', QuotaCode: 'L-DB2E81BA' },
    ]);
    for (const code of ['L3819A6DF', 'LDB2E81BA']) {
      const { Value } = template.toJSON().Outputs[`Quota${code}`];
      expect(JSON.stringify(Value)).toMatch(
        /had ".*"Quota\.Value".* vCPUs when .*, need 4\. https:\/\/us-east-1\.console/,
      );
    }
  });
});

describe('the synthesis', () => {
  it('prints each quota: code, what is needed, where to ask', () => {
    const [spot, onDemand, ...others] = quotasOf();
    expect(spot).toMatch(
      /^Quota L-3819A6DF \(All G and VT Spot Instance Requests\): need 4 vCPUs, .*quotas\/L-3819A6DF/,
    );
    expect(onDemand).toMatch(/^Quota L-DB2E81BA \(Running On-Demand G and VT instances\): need 4 vCPUs, /);
    expect(others).toEqual([]);
  });

  it('needs what the largest type of a family takes', () => {
    const said = quotasOf({ instanceTypes: ['g6.xlarge', 'g6.2xlarge', 'p5.4xlarge'], zones: ['use1-az4'] });
    expect(said.map((line) => /^Quota (\S+) .* need (\d+) /.exec(line)?.slice(1))).toEqual([
      ['L-3819A6DF', '8'],
      ['L-DB2E81BA', '8'],
      ['L-C4BD4855', '16'],
      ['L-417A185B', '16'],
    ]);
  });
});
