/** Actions that no call at the endpoint can take, each with the reason why it is granted all the same. */
export interface Argued {
  readonly principals: 'each function' | 'told by an event' | string;
  readonly actions: readonly string[];
  readonly reason: string;
}

export const argued: readonly Argued[] = [
  {
    principals: 'each function',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    reason: "Lambda itself writes a function's log, with the function's role.",
  },
  {
    principals: 'each function',
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    reason: "Lambda's own X-Ray daemon sends the traces; there is none here.",
  },
  {
    principals: 'told by an event',
    actions: ['sqs:SendMessage'],
    reason: "Lambda itself sends the event that a function failed on to the queue, with the function's role.",
  },
  {
    principals: 'state machine',
    actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
    reason: 'How Step Functions learns of the end of a `.sync` task; moto polls alone.',
  },
  {
    principals: 'state machine',
    actions: ['states:StopExecution'],
    reason: 'Step Functions ends the child execution of a task that is stopped or timed out; moto leaves it running.',
  },
  {
    principals: 'state machine',
    actions: ['batch:TerminateJob'],
    reason: 'Step Functions ends the job of a task that is stopped or timed out; moto leaves it running.',
  },
  {
    principals: 'state machine',
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    reason: 'Tracing of the machine itself (Step Functions Developer Guide, "IAM policies for X-Ray").',
  },
  {
    principals: 'state machine',
    actions: [
      'logs:CreateLogDelivery',
      'logs:GetLogDelivery',
      'logs:UpdateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:DescribeResourcePolicies',
      'logs:DescribeLogGroups',
    ],
    reason: 'The delivery of the execution log is set up with the role of the machine.',
  },
];

const toldByEvents = ['clean-up-job', 'explain-waiting', 'find-idle-instances', 'adopt-golden-ami'];

export function isArgued(principal: string, action: string): boolean {
  return argued.some((one) => one.actions.includes(action) && concerns(one, principal));
}

export function concerns({ principals }: Argued, principal: string): boolean {
  if (principals === 'told by an event') return toldByEvents.includes(principal);
  const isFunction = principal !== 'state machine' && principal !== 'worker';
  return principals === principal || (principals === 'each function' && isFunction);
}
