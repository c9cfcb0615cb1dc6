import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { makeEc2Images } from '../../functions/adapters/ec2-images.ts';
import { makeS3, measureObjects } from '../target/objects.ts';
import type { ClientConfig } from '../target/target.ts';
import { count, size } from '../words/amounts.ts';
import { deleteBucket, deleteLogGroups, deleteTable, makeCounter } from './delete-retained.ts';
import { listOwnBuckets, listOwnTables } from './leftovers/find-retained.ts';
import { findLogGroups } from './leftovers/find-stored.ts';
import type { Known } from './leftovers/leftover.ts';
import type { Say } from './site.ts';
import type { Step } from './steps.ts';

/* What outlives the stack. Each is left where the stack stays: it is in use. */

/** Image Builder made them; nothing starts from them without the stack. */
export async function stepsOfImages(config: ClientConfig): Promise<readonly Step[]> {
  const images = makeEc2Images(new EC2Client(config));
  const found = await images.list();
  const step: Step = {
    name: 'machine images',
    says: `delete golden machine images and their snapshots: ${found.map(({ id }) => id).join(', ')}`,
    after: 'stack',
    run: async () => {
      for (const image of found) await images.remove(image);
    },
  };
  return found.length ? [step] : [];
}

export async function stepsOfBuckets(config: ClientConfig, known: Known, say: Say): Promise<readonly Step[]> {
  const client = makeS3(config);
  const steps: Step[] = [];
  for (const name of await listOwnBuckets(client, known)) {
    const { objects, bytes } = await measureObjects(client, name, { onCount: makeCounter(name, say) });
    const says = `delete the bucket ${name} with ${count(objects, 'object')}, ${size(bytes)}: weights, reports, and pictures that were paid for`;
    steps.push({ name: 'bucket', says, after: 'stack', run: () => deleteBucket(client, name, say) });
  }
  return steps;
}

export async function stepsOfTables(config: ClientConfig, known: Known): Promise<readonly Step[]> {
  const client = new DynamoDBClient(config);
  return (await listOwnTables(client, known)).map((name) => ({
    name: 'ledger',
    says: `delete the ledger ${name}: what was learned of pools and prices`,
    after: 'stack',
    run: () => deleteTable(client, name),
  }));
}

/** Which they are is known once the stack has taken its own. */
export async function stepsOfLogs(config: ClientConfig, known: Known): Promise<readonly Step[]> {
  // By our names alone: our tag may be on a log of somebody's.
  const find = async () => (await findLogGroups(config, { ...known, tagged: [] })).map(({ id }) => id);
  const step: Step = {
    name: 'logs',
    says: 'delete the logs that outlive the stack',
    after: 'stack',
    run: async () => deleteLogGroups(new CloudWatchLogsClient(config), await find()),
  };
  return known.stands || (await find()).length ? [step] : [];
}
