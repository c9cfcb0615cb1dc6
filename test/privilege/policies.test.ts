import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Evaluator, openEvaluator } from './evaluator.ts';
import { collectGrants, listOtherRoles } from './policies.ts';
import { makeResolve } from './resolve.ts';
import type { Template } from './template.ts';

const statement = (Action: string, Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
const policy = (role: string, ...Statement: unknown[]) => ({
  Type: 'AWS::IAM::Policy',
  Properties: { Roles: [{ Ref: role }], PolicyDocument: { Statement } },
});
const join = (...parts: unknown[]) => ({ 'Fn::Join': ['', parts] });
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

/** In the shape that CDK writes. */
const template: Template = {
  Resources: {
    Bucket1: { Type: 'AWS::S3::Bucket' },
    Other2: { Type: 'AWS::S3::Bucket' },
    Topic3: { Type: 'AWS::SNS::Topic' },
    PlanRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        ManagedPolicyArns: [
          join('arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'),
          { Ref: 'Shared' },
        ],
        Policies: [{ PolicyDocument: { Statement: statement('sns:Publish', { Ref: 'Topic3' }) } }],
      },
    },
    Plan: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'spot-diffusion-plan-job',
        Role: arnOf('PlanRole'),
        Environment: { Variables: { BUCKET: { Ref: 'Bucket1' }, ZONES: 'use1-az1' } },
      },
    },
    PlanPolicy: policy('PlanRole', statement('s3:GetObject', join(arnOf('Bucket1'), '/jobs/*'))),
    Shared: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: { Statement: [statement('s3:ListBucket', arnOf('Other2'))] } },
    },
    MachineRole: { Type: 'AWS::IAM::Role' },
    Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { RoleArn: arnOf('MachineRole') } },
    MachinePolicy: policy(
      'MachineRole',
      statement('lambda:InvokeFunction', [arnOf('Plan'), { 'Fn::Sub': ['$', '{Plan.Arn}:*'].join('') }]),
    ),
    WorkerRole: { Type: 'AWS::IAM::Role' },
    Worker: {
      Type: 'AWS::Batch::JobDefinition',
      Properties: {
        JobDefinitionName: 'spot-diffusion-worker',
        ContainerProperties: { JobRoleArn: arnOf('WorkerRole') },
      },
    },
    Builder: { Type: 'AWS::IAM::Role' },
    BuilderPolicy: policy('Builder', statement('s3:*', { 'Fn::ImportValue': 'unknown' })),
  },
};

describe('the policies of a template', () => {
  const grants = collectGrants(template, makeResolve(template, { BUCKET: 'spot-diffusion' }));
  let evaluator: Evaluator;
  beforeAll(() => {
    evaluator = openEvaluator();
  });
  afterAll(() => evaluator.close());

  it('are collected per principal: inline, attached, and by name those of AWS', () => {
    expect([...grants.keys()]).toEqual(['plan-job', 'state machine', 'worker']);
    expect(grants.get('plan-job')).toEqual({
      managed: ['AWSLambdaBasicExecutionRole'],
      statements: [
        statement('sns:Publish', 'arn:aws:sns:us-east-1:123456789012:Topic3'),
        statement('s3:GetObject', 'arn:aws:s3:::spot-diffusion/jobs/*'),
        statement('s3:ListBucket', 'arn:aws:s3:::Other2'),
      ],
    });
  });

  it('name functions by their ARN, in each form of intrinsic', () => {
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:spot-diffusion-plan-job';
    expect(grants.get('state machine')?.statements).toEqual([statement('lambda:InvokeFunction', [arn, `${arn}:*`])]);
  });

  it('leave the roles of the deployment aside, by name', () => {
    expect(listOtherRoles(template)).toEqual(['Builder']);
  });

  it('are resolved loudly: an unknown type or form is an error', () => {
    const resolve = makeResolve(template, {});
    expect(() => resolve({ Ref: 'Shared' })).toThrow('Expected a resource of a known type, got `Shared`');
    expect(() => resolve({ 'Fn::ImportValue': 'x' })).toThrow('Expected a known intrinsic, got `Fn::ImportValue`');
  });

  it("are evaluated by moto's own evaluator", async () => {
    const needs = ['jobs/a', 'images/a'].map((key) => ({
      action: 's3:GetObject',
      resource: `arn:aws:s3:::spot-diffusion/${key}`,
    }));
    expect(await evaluator.permits(grants.get('plan-job')?.statements ?? [], needs)).toEqual([true, false]);
    expect(await evaluator.permits([], needs)).toEqual([false, false]);
  });
});
