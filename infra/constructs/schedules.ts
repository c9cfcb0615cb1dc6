import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TimeZone } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleGroup, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { checkSchedule, toScheduledInput } from '../../functions/core/schedule.ts';

export interface SchedulesProps {
  readonly folder: string;
  readonly machine: StateMachine;
  readonly group: string;
  readonly undelivered: Queue;
  readonly defaultModel: string;
}

/** A schedule per file `schedules/*.json`. Its prompts are checked at synth by the code that checks them at night. */
export class Schedules extends Construct {
  constructor(scope: Construct, id: string, props: SchedulesProps) {
    super(scope, id);
    const files = existsSync(props.folder) ? readdirSync(props.folder).filter((name) => name.endsWith('.json')) : [];
    for (const file of files.toSorted()) this.add(file, props);
  }

  private add(file: string, props: SchedulesProps): void {
    const at = new Construct(this, file.replace(/\.json$/, ''));
    const problems: string[] = [];
    at.node.addValidation({ validate: () => problems });
    const raw = readJson(join(props.folder, file));
    if (raw instanceof SyntaxError) {
      problems.push(`Expected \`schedules/${file}\` to be JSON: ${raw.message}`);
      return;
    }
    const { schedule, problems: found } = checkSchedule(raw, props.defaultModel);
    problems.push(...found.map(({ path, message }) => `schedules/${file}: ${path}: ${message}`));
    if (!schedule) return;
    const group = ScheduleGroup.fromScheduleGroupName(at, 'Group', props.group);
    new Schedule(at, 'Schedule', {
      scheduleName: schedule.name,
      description: schedule.description,
      enabled: schedule.enabled,
      scheduleGroup: group,
      schedule: ScheduleExpression.expression(schedule.expression, TimeZone.of(schedule.timeZone)),
      target: new StepFunctionsStartExecution(props.machine, {
        // The scheduled time travels in the input: Validate prompts claims it, so that a repeated delivery is one job.
        input: ScheduleTargetInput.fromObject(toScheduledInput(schedule)),
        deadLetterQueue: props.undelivered,
      }),
    });
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}
