import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { TimeZone } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleGroup, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Problem } from '../../functions/core/input/problems.ts';
import { checkSchedule, type Schedule as ScheduleFile, toScheduledInput } from '../../functions/core/input/schedule.ts';
import type { Timers } from './timers.ts';

export interface SchedulesProps {
  readonly folder: string;
  readonly defaultModel: string;
}

export interface Delivery {
  readonly machine: StateMachine;
  readonly timers: Timers;
  readonly undelivered: Queue;
}

interface Checked {
  readonly at: Construct;
  readonly schedule: ScheduleFile;
}

/**
 * A schedule per file `schedules/*.json`. Its prompts are checked at synth by the code that checks them at night; all files
 * are checked before the rest of the stack is made, so that their problems are told with those of the configuration.
 */
export class Schedules extends Construct {
  private readonly checked: readonly Checked[];

  constructor(scope: Construct, id: string, { folder, defaultModel }: SchedulesProps) {
    super(scope, id);
    const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
    this.checked = files.toSorted().flatMap((file) => this.check(join(folder, file), defaultModel));
    for (const [index, { at, schedule }] of this.checked.entries()) {
      const twin = this.checked.slice(0, index).find((other) => other.schedule.name === schedule.name);
      const message = `Expected a \`name\` of its own, got that of \`${twin?.at.node.id}.json\``;
      if (twin) report(at, [{ path: 'name', message }]);
    }
  }

  deliver({ machine, timers, undelivered }: Delivery): void {
    // They name their group, which is no reference.
    this.node.addDependency(timers);
    for (const { at, schedule } of this.checked) {
      new Schedule(at, 'Schedule', {
        scheduleName: schedule.name,
        description: schedule.description,
        enabled: schedule.enabled,
        scheduleGroup: ScheduleGroup.fromScheduleGroupName(at, 'Group', timers.group),
        schedule: ScheduleExpression.expression(schedule.expression, TimeZone.of(schedule.timeZone)),
        target: new StepFunctionsStartExecution(machine, {
          // The scheduled time travels in the input: Validate prompts claims it, so that a repeated delivery is one job.
          input: ScheduleTargetInput.fromObject(toScheduledInput(schedule)),
          deadLetterQueue: undelivered,
        }),
      });
    }
  }

  private check(path: string, defaultModel: string): readonly Checked[] {
    const at = new Construct(this, basename(path, '.json'));
    const raw = readJson(path);
    const { schedule, problems } =
      raw instanceof SyntaxError
        ? { problems: [{ path: '', message: `Expected the file to be JSON, got: ${raw.message}` }] }
        : checkSchedule(raw, defaultModel);
    report(at, problems);
    return schedule ? [{ at, schedule }] : [];
  }
}

function report(at: Construct, problems: readonly Problem[]): void {
  const file = `schedules/${at.node.id}.json`;
  at.node.addValidation({
    validate: () => problems.map(({ path, message }) => [file, path, message].filter(Boolean).join(': ')),
  });
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}
