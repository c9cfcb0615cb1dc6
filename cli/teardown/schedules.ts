import {
  DeleteScheduleCommand,
  paginateListSchedules,
  ResourceNotFoundException,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import type { ClientConfig } from '../target.ts';

/** Of the stack, of `schedule add`, and one-time timers: `infra/constructs/timers.ts`. */
const group = 'spot-diffusion';

export async function listSchedules(config: ClientConfig): Promise<readonly string[]> {
  const client = new SchedulerClient(config);
  const names: string[] = [];
  try {
    for await (const page of paginateListSchedules({ client }, { GroupName: group })) {
      names.push(...(page.Schedules ?? []).flatMap(({ Name }) => Name ?? []));
    }
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error; // the group is gone, and they with it
  }
  return names;
}

/** CloudFormation takes it well that some of them are gone. */
export async function deleteSchedules(config: ClientConfig, names: readonly string[]): Promise<void> {
  const client = new SchedulerClient(config);
  for (const Name of names) {
    try {
      await client.send(new DeleteScheduleCommand({ GroupName: group, Name }));
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
  }
}
