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

/**
 * Reads the functions' own log lines when somebody looks ($0.005 a GB scanned): custom metrics would be billed by pool and
 * month whether anybody looks or not. One dashboard of the three that are free.
 */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { functions, machine }: DashboardProps) {
    super(scope, id);
    const query = (title: string, name: string, queryString: string, view = LogQueryVisualizationType.TABLE) =>
      new LogQueryWidget({
        title,
        logGroupNames: [functions.get(name).logGroup.logGroupName],
        queryString,
        view,
        width: 12,
        height: 6,
      });
    const dashboard = new CloudWatchDashboard(this, 'Dashboard', { dashboardName: 'spot-diffusion' });
    dashboard.addWidgets(
      new TextWidget({
        markdown: '# spot-diffusion\nImages, what they cost, and where they were lost.',
        width: 24,
        height: 2,
      }),
    );
    dashboard.addWidgets(
      query(
        'Images per day',
        'close-job',
        "filter state = 'Close job' | stats sum(delivered) as delivered, sum(failed) as failed by bin(1d)",
        LogQueryVisualizationType.BAR,
      ),
      query(
        'Cost per image, USD',
        'close-job',
        "filter state = 'Close job' and delivered > reused | stats sum(usd) / (sum(delivered) - sum(reused)) as usdPerImage by bin(1d)",
        LogQueryVisualizationType.LINE,
      ),
    );
    dashboard.addWidgets(
      query(
        'Attempts and interruptions per pool',
        'settle-attempt',
        "filter state = 'Settle attempt' | stats count(*) as attempts, sum(strcontains(outcome, 'SpotInterrupted')) as interrupted, sum(strcontains(outcome, 'NoSpotCapacity')) as refused, sum(usd) as usd by pool",
      ),
      query(
        'Waiting, by reason',
        'explain-waiting',
        "filter state = 'Explain waiting' and ispresent(verdict) | stats count(*) as times, max(waitedSeconds) as longest by verdict, pool",
      ),
    );
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
