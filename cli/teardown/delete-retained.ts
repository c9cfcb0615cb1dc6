import { type CloudWatchLogsClient, DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteTableCommand, type DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { DeleteBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { type Amount, deleteObjects } from '../target/objects.ts';

/** A line each so many objects: a million takes minutes. */
const tellEach = 10_000;

/** A thousand objects a call: what is counted for long says how far it is. */
export function makeCounter(name: string, say: (line: string) => void): (counted: Amount) => void {
  let told = 0;
  return ({ objects }) => {
    if (objects < told + 10 * tellEach) return;
    told = objects;
    say(`  counted ${objects} objects of ${name}`);
  };
}

/** Deletes everything in a bucket, then the bucket. */
export async function deleteBucket(client: S3Client, name: string, say: (line: string) => void): Promise<void> {
  let told = 0;
  const onDeleted = (objects: number) => {
    if (objects < told + tellEach) return;
    told = objects - (objects % tellEach);
    say(`  ${objects} objects of ${name} are gone`);
  };
  const deleted = await deleteObjects(client, name, { onDeleted });
  await client.send(new DeleteBucketCommand({ Bucket: name }));
  say(`  gone: ${name} and its ${deleted} objects`);
}

/** What the stack's logs left: those of builds, and of functions that a library made. */
export async function deleteLogGroups(client: CloudWatchLogsClient, names: readonly string[]): Promise<void> {
  for (const logGroupName of names) await client.send(new DeleteLogGroupCommand({ logGroupName }));
}

export async function deleteTable(client: DynamoDBClient, name: string): Promise<void> {
  try {
    await client.send(new DeleteTableCommand({ TableName: name }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
}
