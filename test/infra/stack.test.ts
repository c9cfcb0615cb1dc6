import { describe, expect, it } from 'vitest';
import { synthesize } from './synth.ts';
import { withoutHashes } from './without-hashes.ts';

const template = synthesize();

describe('the stack', () => {
  it('names no account: the template is the same in each', () => {
    expect(JSON.stringify(template)).not.toMatch(/(?<![0-9a-f])\d{12}(?![0-9a-f])/);
    expect(JSON.stringify(template)).not.toContain('arn:aws:iam::aws:role');
  });

  it('is within what CloudFormation takes: 500 resources and 1 MB', () => {
    expect(Object.keys(template.Resources).length).toBeLessThan(450);
    expect(JSON.stringify(template).length).toBeLessThan(900_000);
  });

  it('marks all that can be marked', () => {
    const unmarked = Object.entries<{ Type: string; Properties?: { Tags?: unknown } }>(template.Resources).filter(
      ([, { Type, Properties }]) =>
        /::(Function|Bucket|Table|Topic|Key|StateMachine|JobQueue)$/.test(Type) &&
        !JSON.stringify(Properties?.Tags ?? '').includes('spot-diffusion'),
    );
    expect(unmarked.map(([id]) => id)).toEqual([]);
  });

  it('says where everything is', () => {
    expect(Object.keys(template.Outputs).sort()).toEqual([
      'BucketName',
      'DefaultModel',
      'GalleryUrl',
      'ImportProject',
      'InstanceTypes',
      'InterruptTemplateId',
      'LedgerName',
      'QuotaL3819A6DF',
      'QuotaLDB2E81BA',
      'ScheduleRoleArn',
      'StateMachineArn',
      'TopicArn',
      'UndeliveredQueueArn',
      'WorkerImage',
      'Zones',
    ]);
  });

  it('leaves nothing behind but the bucket and the ledger', () => {
    const kept = Object.values<{ Type: string; DeletionPolicy?: string }>(template.Resources).filter(
      ({ DeletionPolicy }) => DeletionPolicy && DeletionPolicy !== 'Delete',
    );
    expect(kept.map(({ Type }) => Type).sort()).toEqual(['AWS::DynamoDB::Table', 'AWS::S3::Bucket']);
    const groups = Object.values<{ Type: string; DeletionPolicy?: string }>(template.Resources).filter(
      ({ Type }) => Type === 'AWS::Logs::LogGroup',
    );
    expect(groups.every(({ DeletionPolicy }) => DeletionPolicy === 'Delete')).toBe(true);
  });

  it('changes only where somebody means it', () => {
    expect(withoutHashes(template)).toMatchSnapshot();
  });
});
