import { builderUsdPerHour, freeEachMonth, hoursPerMonth, prices } from '../../functions/core/market/service-prices.ts';
import { sum } from '../numbers.ts';
import { listAt, ofType, type Resource, type Template, valueAt } from './template.ts';
import { listScheduledFunctions, runsPerMonth } from './timetable.ts';

/** What all resources of a type cost in a month in which nobody uses the stack. */
export interface Charge {
  readonly usd: number;
  /** What the free tier takes off. */
  readonly freeUsd: number;
  readonly why: string;
}

export type Pricing = (resources: readonly Resource[], template: Template) => Charge;

/** Assumed, never measured on AWS: a run that finds nothing, and its lines in the log. */
const secondsPerRun = 1;
const logGbPerRun = 1.5e-6;
/** Assumed: pulling 5.5 GB, and a snapshot of it. */
const hoursPerBuild = 1;

export const noCharge =
  (why: string): Pricing =>
  () => ({ usd: 0, freeUsd: 0, why });

const metered = (used: number, free: number, price: number) => ({
  usd: used * price,
  freeUsd: Math.min(used, free) * price,
});

export const perPiece =
  (usdPerMonth: number, why: string): Pricing =>
  (resources) => ({ usd: resources.length * usdPerMonth, freeUsd: 0, why });

export const alarms: Pricing = (resources) => {
  // An alarm on an expression is billed by each metric in it.
  const metrics = sum(
    resources.map((alarm) => {
      const read = listAt(alarm, 'Metrics').filter((metric) => Reflect.has(Object(metric), 'MetricStat'));
      return Math.max(1, read.length);
    }),
  );
  const why = `${metrics} metrics in alarms at $0.10; ${freeEachMonth.alarmMetrics} are free`;
  return { ...metered(metrics, freeEachMonth.alarmMetrics, prices.alarmMetricMonth), why };
};

export const dashboards: Pricing = (resources) => ({
  ...metered(resources.length, freeEachMonth.dashboards, prices.dashboardMonth),
  why: `$3 each; ${freeEachMonth.dashboards} are free`,
});

export const functions: Pricing = (_, template) => {
  const scheduled = listScheduledFunctions(template);
  const runs = sum(scheduled.map((fn) => fn.runs));
  const gbSeconds = sum(scheduled.map((fn) => fn.runs * fn.memoryGb * secondsPerRun));
  const traces = sum(scheduled.map((fn) => (fn.traced ? fn.runs : 0)));
  const parts = [
    metered(runs, freeEachMonth.lambdaRequests, prices.lambdaRequest),
    metered(gbSeconds, freeEachMonth.lambdaGbSeconds, prices.lambdaGbSecond),
    metered(traces, freeEachMonth.traces, prices.trace),
  ];
  return {
    usd: sum(parts.map((part) => part.usd)),
    freeUsd: sum(parts.map((part) => part.freeUsd)),
    why: `the clock runs them ${runs} times: ${Math.round(gbSeconds)} GB-seconds and ${traces} traces, all else is use`,
  };
};

export const logGroups: Pricing = (_, template) => {
  const gb = sum(listScheduledFunctions(template).map((fn) => fn.runs)) * logGbPerRun;
  const why = `${(gb * 1000).toFixed(1)} MB a month from what the clock runs; ${freeEachMonth.logGb} GB are free`;
  return { ...metered(gb, freeEachMonth.logGb, prices.logGbIngested + prices.logGbMonth), why };
};

export const endpoints: Pricing = (resources) => {
  const zones = sum(
    resources.map((endpoint) =>
      valueAt(endpoint, 'VpcEndpointType') === 'Gateway' ? 0 : Math.max(1, listAt(endpoint, 'SubnetIds').length),
    ),
  );
  const usd = zones * prices.interfaceEndpointHour * hoursPerMonth;
  return { usd, freeUsd: 0, why: 'a gateway endpoint is free; any other costs $7.30 a month and zone' };
};

/** A build a month, whether anybody uses the stack or not. */
export const imagePipelines: Pricing = (resources, template) => {
  const types = ofType(template, 'AWS::ImageBuilder::InfrastructureConfiguration').flatMap((infrastructure) =>
    listAt(infrastructure, 'InstanceTypes').map(String),
  );
  const hourly = Math.max(0, ...types.map((type) => builderUsdPerHour[type] ?? Number.NaN));
  if (Number.isNaN(hourly))
    throw new Error(`Expected prices of ${types.join(', ')} in functions/core/market/service-prices.ts`);
  const perHour = hourly + prices.publicIpHour + (60 * prices.gp3GbMonth) / hoursPerMonth;
  const runs = sum(resources.map((pipeline) => runsPerMonth(String(valueAt(pipeline, 'Schedule.ScheduleExpression')))));
  return { usd: runs * hoursPerBuild * perHour, freeUsd: 0, why: `${runs} build of an hour (assumed) on ${types[0]}` };
};
