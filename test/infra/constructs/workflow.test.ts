import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { definitionFile } from '../../../infra/paths.ts';
import { aStack, aTemplate } from '../synth.ts';

const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
const template = Template.fromStack(aStack({}, { app }));
const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
const definition = readFileSync(definitionFile);

describe('the workflow', () => {
  it('is the file that the tests execute, byte for byte', () => {
    const { Bucket, Key } = machine?.Properties.DefinitionS3Location ?? {};
    expect(Bucket).toEqual({ 'Fn::Sub': expect.stringContaining('cdk-hnb659fds-assets') });
    const asset = readFileSync(join(app.synth().directory, `asset.${Key}`));
    expect(asset.equals(definition)).toBe(true);
  });

  it('fills in every placeholder of the file, and nothing that is not there', () => {
    const named = [...definition.toString().matchAll(/\$\{(\w+)\}/g)].map((match) => match[1]);
    expect(Object.keys(machine?.Properties.DefinitionSubstitutions).sort()).toEqual([...new Set(named)].sort());
  });

  it('names each function by the file that it stands for', () => {
    const functions = template.findResources('AWS::Lambda::Function');
    const entries: [string, { 'Fn::GetAtt': [string, string] }][] = Object.entries(
      machine?.Properties.DefinitionSubstitutions,
    );
    const named = entries.filter(([key]) => key.endsWith('Function'));
    expect(named).toHaveLength(8);
    for (const [key, value] of named) {
      const name: string = functions[value['Fn::GetAtt'][0]]?.Properties.FunctionName;
      expect(
        `${name.replace('spot-diffusion', '').replaceAll(/-(\w)/g, (_, letter) => letter.toUpperCase())}Function`,
      ).toBe(key);
    }
  });

  it('is a standard machine of a fixed name, traced', () => {
    expect(machine?.Properties).toMatchObject({
      StateMachineName: 'spot-diffusion',
      StateMachineType: 'STANDARD',
      TracingConfiguration: { Enabled: true },
    });
  });

  it('logs every step but none of the data: prompts are private', () => {
    expect(machine?.Properties.LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/vendedlogs/states/spot-diffusion',
      RetentionInDays: 30,
    });
  });

  it('logs the data where the deployer asks for it', () => {
    const told = aTemplate({ logExecutionData: true, logRetentionDays: 60 });
    told.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: true },
    });
    told.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 60 });
  });

  it('tells Clean up job of every end that the machine can not catch', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      State: 'ENABLED',
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [{ Ref: Match.stringLikeRegexp('^WorkflowMachine') }],
          status: ['FAILED', 'ABORTED', 'TIMED_OUT'],
        },
      },
      Targets: [
        {
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^FunctionsCleanUpJob'), 'Arn'] },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Undelivered'), 'Arn'] } },
          RetryPolicy: { MaximumRetryAttempts: 10 },
          Id: 'Target0',
        },
      ],
    });
  });
});
