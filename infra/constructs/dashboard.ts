import {
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Functions } from './functions.ts';

export interface DashboardProps {
  readonly functions: Functions;
  readonly machine: StateMachine;
}

interface Query {
  readonly title: string;
  /** Of the functions whose logs are asked. */
  readonly names: readonly string[];
  readonly query: string;
  readonly view?: LogQueryVisualizationType;
}

/** Each closed job is counted in one of them, once. */
const closers = ['close-job', 'clean-up-job'];

const images: readonly Query[] = [
  {
    title: 'Images per day',
    names: closers,
    query: 'filter ispresent(delivered) | stats sum(delivered) as delivered, sum(failed) as failed by bin(1d)',
    view: LogQueryVisualizationType.BAR,
  },
  {
    title: 'Cost per image, USD',
    names: closers,
    query: 'filter delivered > reused | stats sum(usd) / (sum(delivered) - sum(reused)) as usdPerImage by bin(1d)',
    view: LogQueryVisualizationType.LINE,
  },
];

const losses: readonly Query[] = [
  {
    title: 'Attempts and interruptions per pool',
    names: ['settle-attempt'],
    query:
      "filter state = 'Settle attempt' | stats count(*) as attempts, sum(strcontains(outcome, 'SpotInterrupted')) as interrupted, sum(strcontains(outcome, 'NoSpotCapacity')) as refused, sum(usd) as usd by pool",
  },
  {
    title: 'Waiting, by reason',
    names: ['explain-waiting'],
    query:
      "filter state = 'Explain waiting' and ispresent(verdict) | stats count(*) as times, max(waitedSeconds) as longest by verdict, pool",
  },
];

/**
 * Reads the functions' own log lines when somebody looks ($0.005 a GB scanned): custom metrics would be billed by pool and
 * month whether anybody looks or not. One dashboard of the three that are free.
 */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { functions, machine }: DashboardProps) {
    super(scope, id);
    const toWidget = ({ title, names, query, view = LogQueryVisualizationType.TABLE }: Query) =>
      new LogQueryWidget({
        title,
        logGroupNames: names.map((name) => functions.get(name).logGroup.logGroupName),
        queryString: query,
        view,
        width: 12,
        height: 6,
      });
    const markdown = '# spot-diffusion\nImages, what they cost, and where they were lost.';
    const dashboard = new CloudWatchDashboard(this, 'Dashboard', { dashboardName: 'spot-diffusion' });
    dashboard.addWidgets(new TextWidget({ markdown, width: 24, height: 2 }));
    dashboard.addWidgets(...images.map(toWidget));
    dashboard.addWidgets(...losses.map(toWidget));
    dashboard.addWidgets(
      new GraphWidget({
        title: 'Executions',
        left: [machine.metricSucceeded(), machine.metricFailed(), machine.metricAborted(), machine.metricTimedOut()],
        width: 24,
        height: 5,
      }),
    );
  }
}
