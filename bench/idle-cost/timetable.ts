import { listAt, ofType, type Template, valueAt } from './template.ts';

const perMonth: Readonly<Record<string, number>> = { minute: 30 * 24 * 60, hour: 30 * 24, day: 30 };

/** How often a schedule of EventBridge or Image Builder fires in a month of 30 days. */
export function runsPerMonth(expression: string): number {
  const [, every = '', unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const units = perMonth[unit];
  if (units) return units / Number(every);
  if (/^cron\(\d+ \d+ \d+ \* \? \*\)$/.test(expression)) return 1;
  throw new Error(
    `Expected a schedule of the stack to be \`rate(…)\` or one time of each month, got \`${expression}\`. ` +
      'To fix: count it in bench/idle-cost/timetable.ts.',
  );
}

/** A function that the clock runs whether anybody uses the stack or not. */
export interface ScheduledFunction {
  readonly runs: number;
  readonly memoryGb: number;
  readonly traced: boolean;
}

export function listScheduledFunctions(template: Template): readonly ScheduledFunction[] {
  return ofType(template, 'AWS::Events::Rule').flatMap((rule) => {
    const expression = valueAt(rule, 'ScheduleExpression');
    if (typeof expression !== 'string') return [];
    const targets = JSON.stringify(listAt(rule, 'Targets'));
    return ofType(template, 'AWS::Lambda::Function')
      .filter(({ id }) => targets.includes(`"${id}"`))
      .map((fn) => ({
        runs: runsPerMonth(expression),
        memoryGb: Number(valueAt(fn, 'MemorySize') ?? 128) / 1024,
        traced: valueAt(fn, 'TracingConfig.Mode') === 'Active',
      }));
  });
}
