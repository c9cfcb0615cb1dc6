import { ConflictException, CreateScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import type { Timers } from '../core/wait/waits.ts';

export interface SchedulerTimersOptions {
  readonly group: string;
  /** Lets EventBridge Scheduler invoke the function. */
  readonly roleArn: string;
  readonly functionArn: string;
}

/** `at()` takes whole seconds, in UTC unless told. */
const toExpression = (at: Date) => `at(${at.toISOString().slice(0, 19)})`;

/** One-time schedules that delete themselves. */
export function makeSchedulerTimers(client: SchedulerClient, options: SchedulerTimersOptions): Timers {
  const { group, roleArn, functionArn } = options;
  return {
    set: async (name, at, event) => {
      const create = new CreateScheduleCommand({
        Name: name,
        GroupName: group,
        ScheduleExpression: toExpression(at),
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: { Arn: functionArn, RoleArn: roleArn, Input: JSON.stringify(event) },
      });
      try {
        await client.send(create);
      } catch (error) {
        if (!(error instanceof ConflictException)) throw error; // set already: an event that was delivered twice
      }
    },
  };
}
