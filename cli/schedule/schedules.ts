import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  paginateListSchedules,
  ResourceNotFoundException,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { type Schedule, toScheduledInput } from '../../functions/core/input/schedule.ts';
import { scheduleGroup, timerPrefix } from '../../functions/core/schedule-group.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import type { Target } from '../target/target.ts';

/** A schedule as EventBridge Scheduler keeps it. */
export interface KeptSchedule {
  readonly name: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly enabled: boolean;
  /** What StartExecution is given, with the placeholder for the time. */
  readonly input: Readonly<Record<string, unknown>>;
  /** By `schedule add`; else by a file `schedules/*.json` and the deploy. */
  readonly byHand: boolean;
}

/** Names of all schedules of the group. @throws ResourceNotFoundException where there is no such group */
export async function listGroup(client: SchedulerClient): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { Schedules = [] } of paginateListSchedules({ client }, { GroupName: scheduleGroup })) {
    names.push(...Schedules.flatMap(({ Name }) => Name ?? []));
  }
  return names;
}

const at = (name: string) => ({ Name: name, GroupName: scheduleGroup });

async function get(client: SchedulerClient, { output, flags }: Target, name: string): Promise<KeptSchedule> {
  try {
    const found = await client.send(new GetScheduleCommand(at(name)));
    return {
      name,
      expression: found.ScheduleExpression ?? '',
      timeZone: found.ScheduleExpressionTimezone ?? 'UTC',
      enabled: found.State !== 'DISABLED',
      input: JSON.parse(found.Target?.Input ?? '{}'),
      byHand: found.Target?.RoleArn === output('ScheduleRoleArn'),
    };
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    throw new PlainProblem(
      `Expected the name of a schedule, found none of \`${name}\`. \`npm start -- schedule list${flags}\` lists them.`,
    );
  }
}

async function add(
  client: SchedulerClient,
  { stateMachineArn, output, flags }: Target,
  schedule: Schedule,
): Promise<void> {
  const command = new CreateScheduleCommand({
    ...at(schedule.name),
    Description: schedule.description,
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: schedule.timeZone,
    State: schedule.enabled ? 'ENABLED' : 'DISABLED',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: stateMachineArn,
      RoleArn: output('ScheduleRoleArn'),
      Input: JSON.stringify(toScheduledInput(schedule)),
      DeadLetterConfig: { Arn: output('UndeliveredQueueArn') },
    },
  });
  try {
    await client.send(command);
  } catch (error) {
    if (!(error instanceof ConflictException)) throw error;
    throw new PlainProblem(
      `Expected a name of its own, there is a schedule \`${schedule.name}\`. To fix: \`npm start -- schedule remove ${schedule.name}${flags}\`, or another name.`,
    );
  }
}

/** The schedules of the group, without our own timers. */
export function openSchedules(target: Target) {
  const client = new SchedulerClient(target.client);
  return {
    get: (name: string) => get(client, target, name),
    add: (schedule: Schedule) => add(client, target, schedule),
    list: async () => (await listGroup(client)).filter((name) => !name.startsWith(timerPrefix)),
    remove: async (name: string) => void (await client.send(new DeleteScheduleCommand(at(name)))),
  };
}
