import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { SpotFunctionProps } from './function.ts';
import type { Messages } from './messages.ts';
import type { Timers } from './timers.ts';

export type FunctionSpec = Pick<
  SpotFunctionProps,
  'name' | 'description' | 'environment' | 'statements' | 'memoryMib' | 'timeout' | 'layers' | 'onFailure'
>;

export type Environment = Readonly<Record<string, string>>;

/** What the specs of the functions are made from. */
export interface FunctionContext {
  readonly scope: Construct;
  readonly bucket: Bucket;
  readonly table: Table;
  readonly messages: Messages;
  readonly timers: Timers;
  readonly sharp: ILayerVersion;
  /** Events that a function failed on. */
  readonly undelivered: Queue;
  /** Empty: the gallery door is off. */
  readonly galleryUrl: string;
  readonly placementScores: boolean;
  readonly environment: Readonly<Record<'bucket' | 'table' | 'pools' | 'outlook' | 'model' | 'closing', Environment>>;
}
