import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { shardTag, thumbnailKey } from '../../../functions/core/storage/keys.ts';
import { compileCache } from '../../../infra/constructs/compile-cache.ts';
import { aTemplate } from '../synth.ts';

const template = aTemplate();
const [bucket] = Object.values(template.findResources('AWS::S3::Bucket'));
const [table] = Object.values(template.findResources('AWS::DynamoDB::Table'));
const rules = bucket?.Properties.LifecycleConfiguration.Rules;

describe('the bucket', () => {
  it('is private and encrypted', () => {
    expect(bucket?.Properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(JSON.stringify(bucket?.Properties.BucketEncryption)).toContain('AES256');
  });

  it('answers over TLS 1.2 or later alone', () => {
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Deny',
            Action: 's3:*',
            Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } },
          }),
        ]),
      },
    });
  });

  it('keeps no versions: an image is written once and named by its recipe', () => {
    expect(bucket?.Properties).not.toHaveProperty('VersioningConfiguration');
  });

  it('lets thumbnails go after half a year, compiled code after a quarter, shards after a month, broken uploads after a day', () => {
    expect(rules).toEqual([
      { Id: 'thumbnails', Status: 'Enabled', Prefix: 'thumbnails/', ExpirationInDays: 180 },
      { Id: 'compile-cache', Status: 'Enabled', Prefix: compileCache, ExpirationInDays: 90 },
      {
        Id: 'shards',
        Status: 'Enabled',
        TagFilters: [{ Key: shardTag.key, Value: shardTag.value }],
        ExpirationInDays: 30,
      },
      { Id: 'broken-uploads', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
    ]);
    expect(thumbnailKey('a', 256)).toMatch(new RegExp(`^${rules[0].Prefix}`));
  });

  it('outlives the stack, as the ledger does', () => {
    for (const resource of [bucket, table]) {
      expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });
});

describe('the ledger', () => {
  it('has the keys of the adapters, and costs nothing while nobody asks', () => {
    expect(table?.Properties).toMatchObject({
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    });
  });

  it('can be set back to any point in time', () => {
    expect(table?.Properties.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
  });

  it('forgets what has expired', () => {
    expect(table?.Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'expires', Enabled: true });
  });
});
