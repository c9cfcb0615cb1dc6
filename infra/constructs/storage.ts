import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { shardTag } from '../../functions/core/storage/keys.ts';
import { acknowledge } from '../acknowledge.ts';
import { compileCache } from './compile-cache.ts';

/** The bucket and the ledger. Both outlive the stack: pictures that were paid for, and what they cost. */
export class Storage extends Construct {
  readonly bucket: Bucket;
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      // An image is written once, by a conditional put, and named by its recipe: there is no second version to keep.
      versioned: false,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { id: 'thumbnails', prefix: 'thumbnails/', expiration: Duration.days(180) },
        // Of images that are gone, too. One in use is compiled again by whoever misses it.
        { id: 'compile-cache', prefix: compileCache, expiration: Duration.days(90) },
        { id: 'shards', tagFilters: { [shardTag.key]: shardTag.value }, expiration: Duration.days(30) },
        { id: 'broken-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    acknowledge(this.bucket, {
      'AwsSolutions-S1': 'Access logs of a private bucket that only this stack uses would cost more than they tell.',
    });
    this.table = new Table(this, 'Ledger', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expires',
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
