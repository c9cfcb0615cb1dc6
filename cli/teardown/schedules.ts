import { DeleteScheduleCommand, ResourceNotFoundException, SchedulerClient } from '@aws-sdk/client-scheduler';
import { scheduleGroup } from '../../functions/core/schedule-group.ts';
import { listGroup } from '../schedule/schedules.ts';
import type { ClientConfig } from '../target/target.ts';

/** Of the stack, of `schedule add`, and one-time timers. */
export async function listSchedules(config: ClientConfig): Promise<readonly string[]> {
  try {
    return await listGroup(new SchedulerClient(config));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error; // the group is gone, and they with it
    return [];
  }
}

/** CloudFormation takes it well that some of them are gone. */
export async function deleteSchedules(config: ClientConfig, names: readonly string[]): Promise<void> {
  const client = new SchedulerClient(config);
  for (const Name of names) {
    try {
      await client.send(new DeleteScheduleCommand({ GroupName: scheduleGroup, Name }));
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
  }
}
