import { describe, expect, it } from 'vitest';
import { type AttemptEnd, classifyEnd } from '../../../../functions/core/shard/classify-end.ts';

interface JobDetail {
  readonly StatusReason?: string;
  readonly exitCode?: number;
  readonly reason?: string;
}

/** The Cause of a failed `.sync` state: the JobDetail as Step Functions writes it. */
const causeOf = ({ StatusReason, exitCode, reason }: JobDetail) =>
  JSON.stringify({
    JobId: '0ab1',
    JobName: 'job-1-s0-a1',
    Status: 'FAILED',
    StatusReason,
    StartedAt: 1_764_000_000_000,
    StoppedAt: 1_764_000_100_000,
    Container: { ExitCode: exitCode, Reason: reason, LogStreamName: 'worker/default/1', Vcpus: 4 },
    Tags: {},
  });
const failed = (cause: string, error = 'States.TaskFailed'): AttemptEnd => ({ stage: 'run', error, cause });
const verdictOf = (detail: JobDetail) => classifyEnd(failed(causeOf(detail)));

const essential = 'Essential container in task exited';

describe('a Batch job that failed', () => {
  it.each<[string, JobDetail]>([
    ['SpotInterrupted', { StatusReason: 'Host EC2 (instance i-0abc) terminated.' }],
    ['SpotInterrupted', { StatusReason: 'Host EC2 (instance i-0abc) terminated.', exitCode: 137 }],
    ['SpotInterrupted', { StatusReason: 'Host EC2 (instance i-0abc) terminated.', exitCode: 85 }],
    [
      'NoSpotCapacity',
      {
        StatusReason: 'Canceled by JobStateTimeLimit action due to reason: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY',
      },
    ],
    [
      'WorkerNeverStarted',
      { StatusReason: 'Canceled by JobStateTimeLimit action due to reason: MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT' },
    ],
    [
      'WorkerNeverStarted',
      {
        StatusReason:
          'Canceled by JobStateTimeLimit action due to reason: MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE',
      },
    ],
    ['WorkerNeverStarted', { StatusReason: 'MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS' }],
    ['WorkerNeverStarted', { StatusReason: 'WorkerNeverStarted: quota L-3819A6DF: have 0 vCPUs, need 4' }],
    [
      'WorkerNeverStarted',
      { StatusReason: 'WorkerNeverStarted: a reason unknown to us: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY?' },
    ],
    [
      'NoSpotCapacity',
      { StatusReason: 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY: pool a/b/spot closed for all jobs until 22:10 UTC' },
    ],
    ['WorkerNeverStarted', { StatusReason: 'Canceled by JobStateTimeLimit action' }],
    ['WorkerLost', { StatusReason: 'Job attempt duration exceeded timeout', exitCode: 137 }],
    ['JobCanceled', { StatusReason: 'JobCanceled: The execution was stopped.' }],
    ['JobCanceled', { StatusReason: 'Terminated by user' }],
    ['JobCanceled', { StatusReason: 'Job was cancelled by user' }],
    ['JobCanceled', { StatusReason: 'Canceled by user' }],
    ['WorkerNeverStarted', { reason: 'CannotPullContainerError: pull image manifest has been retried 5 time(s)' }],
    ['WorkerNeverStarted', { StatusReason: 'Task failed to start', reason: 'CannotPullContainerError: no space left' }],
    ['WorkerNeverStarted', { reason: 'DockerTimeoutError: Could not transition to started; timed out after 4m0s' }],
    ['WorkerNeverStarted', { reason: 'CannotStartContainerError: nvidia-container-cli: initialization error' }],
    ['WorkerNeverStarted', { StatusReason: 'ResourceInitializationError: unable to pull secrets' }],
    [
      'WorkerLost',
      { StatusReason: essential, exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
    ],
    ['SpotInterrupted', { StatusReason: essential, exitCode: 80 }],
    ['GpuOutOfMemory', { StatusReason: essential, exitCode: 81 }],
    ['WeightsUnavailable', { StatusReason: essential, exitCode: 82 }],
    ['GenerationFailed', { StatusReason: essential, exitCode: 83 }],
    ['InvalidJob', { StatusReason: essential, exitCode: 84 }],
    ['JobCanceled', { StatusReason: essential, exitCode: 85 }],
    ['WorkerNeverStarted', { StatusReason: essential, exitCode: 86 }],
    ['WorkerLost', { StatusReason: essential, exitCode: 87 }],
    ['WorkerLost', { StatusReason: essential, exitCode: 1 }],
    ['WorkerLost', { StatusReason: essential, exitCode: 0 }],
    ['WorkerLost', {}],
  ])('is %s: %j', (outcome, detail) => {
    expect(verdictOf(detail).outcome).toBe(outcome);
  });

  it("says what AWS said, the job's reason and the container's", () => {
    expect(verdictOf({ StatusReason: 'Host EC2 (instance i-0abc) terminated.' }).reason).toBe(
      'Host EC2 (instance i-0abc) terminated.',
    );
    expect(verdictOf({ StatusReason: essential, exitCode: 137, reason: 'OutOfMemoryError: killed' }).reason).toBe(
      `${essential}; OutOfMemoryError: killed`,
    );
  });

  it("says the worker's exit code where that is what decides", () => {
    expect(verdictOf({ StatusReason: essential, exitCode: 82 }).reason).toBe('worker exit code 82');
  });

  it('says that an end is unknown, with all that is known of it', () => {
    expect(verdictOf({ StatusReason: essential, exitCode: 1 }).reason).toBe(`unknown end: ${essential} (exit code 1)`);
    expect(verdictOf({}).reason).toBe('unknown end: no reason given (no exit code)');
  });

  it.each(['IsTerminated', 'IsCancelled'])('is JobCanceled where somebody ended it by hand: %s', (flag) => {
    const end = (detail: object) => classifyEnd(failed(JSON.stringify({ JobId: 'a', [flag]: true, ...detail })));
    expect(end({ StatusReason: 'enough for tonight' })).toMatchObject({
      outcome: 'JobCanceled',
      reason: 'the Batch job was ended from outside: enough for tonight',
    });
    expect(end({}).reason).toBe('the Batch job was ended from outside: no reason given');
    // What AWS, Explain waiting or the worker said of it comes first.
    expect(end({ StatusReason: 'Host EC2 (instance i-0abc) terminated.' }).outcome).toBe('SpotInterrupted');
    expect(end({ StatusReason: 'WorkerNeverStarted: quota' }).outcome).toBe('WorkerNeverStarted');
    expect(end({ StatusReason: 'enough', Container: { ExitCode: 81 } }).outcome).toBe('GpuOutOfMemory');
    expect(end({ StatusReason: 'enough', Container: { ExitCode: 85 } }).reason).toMatch(/from outside: enough$/);
  });

  it('is no cancellation where the flags say so', () => {
    const cause = JSON.stringify({ JobId: 'a', IsTerminated: false, IsCancelled: false, StatusReason: 'strange' });
    expect(classifyEnd(failed(cause)).outcome).toBe('WorkerLost');
  });

  it('keeps the job, so that its cost can be settled', () => {
    expect(verdictOf({ exitCode: 80 }).job).toEqual({
      JobId: '0ab1',
      Status: 'FAILED',
      StartedAt: 1_764_000_000_000,
      StoppedAt: 1_764_000_100_000,
      Container: { ExitCode: 80, LogStreamName: 'worker/default/1' },
    });
    expect(verdictOf({ exitCode: 1 }).job?.JobId).toBe('0ab1');
  });

  it('takes a job whose container never was', () => {
    const cause = JSON.stringify({ JobId: 'a', Status: 'FAILED', StatusReason: null, Container: null });
    expect(classifyEnd(failed(cause))).toMatchObject({ outcome: 'WorkerLost', job: { JobId: 'a' } });
  });
});

describe('an end without a Batch job', () => {
  it('is success where there is no error, with the job', () => {
    const job = { JobId: 'a', Status: 'SUCCEEDED' };
    expect(classifyEnd({ stage: 'run', job })).toEqual({ outcome: 'Succeeded', reason: '', job });
  });

  it('is WorkerNeverStarted after a timeout of the state', () => {
    expect(classifyEnd(failed('', 'States.Timeout'))).toEqual({
      outcome: 'WorkerNeverStarted',
      reason: 'the job did not start and end in the time allowed',
      mayHaveRun: true,
    });
  });

  it.each(['Batch.AWSBatchException', 'Batch.ClientException'])(
    'is WorkerNeverStarted where %s refused it',
    (error) => {
      expect(classifyEnd(failed('JobQueue does not exist', error))).toEqual({
        outcome: 'WorkerNeverStarted',
        reason: `${error}: JobQueue does not exist`,
      });
    },
  );

  it('is the error of the table that a Lambda threw, with its sentence', () => {
    const cause = JSON.stringify({ errorType: 'BudgetExceeded', errorMessage: 'The next attempt', trace: [] });
    expect(classifyEnd({ stage: 'pick', error: 'BudgetExceeded', cause })).toEqual({
      outcome: 'BudgetExceeded',
      reason: 'The next attempt',
    });
  });

  it('is GenerationFailed with its name for an error that is not in the table', () => {
    const cause = JSON.stringify({ errorType: 'TypeError', errorMessage: 'x is undefined', trace: [] });
    expect(classifyEnd({ stage: 'pick', error: 'TypeError', cause })).toEqual({
      outcome: 'GenerationFailed',
      reason: 'TypeError: x is undefined',
    });
  });

  it.each([
    ['Batch.ServerException', 'the service failed'],
    ['Batch.SdkClientException', 'no answer'],
    ['Batch.TooManyRequestsException', 'on all tries'],
    ['Batch.AWSBatchException', 'Error executing request (Service: AWSBatch; Status Code: 500; Error Code: null)'],
    ['Lambda.ServiceException', 'the service failed'],
    ['Sandbox.Timedout', 'Task timed out after 120.00 seconds'],
    ['Runtime.ExitError', 'signal: killed'],
  ])('is ServiceUnavailable, whose fault is no pool, after %s: %s', (error, cause) => {
    expect(classifyEnd(failed(cause, error))).toEqual({ outcome: 'ServiceUnavailable', reason: `${error}: ${cause}` });
  });

  it('does not take the cause of a Lambda for a Batch job', () => {
    expect(classifyEnd({ stage: 'pick', error: 'TypeError', cause: '{"StatusReason":"Host EC2"}' }).outcome).toBe(
      'GenerationFailed',
    );
  });

  it.each(['boom', '', '[1', 'null', '3', '{"StatusReason":"Host EC2"}'])(
    'is a loss of which nobody knows more where the cause is %j: the job may have run',
    (cause) => {
      expect(classifyEnd(failed(cause))).toEqual({
        outcome: 'WorkerLost',
        reason: `unknown end: ${cause || 'no cause given'}`,
        mayHaveRun: true,
      });
    },
  );

  it('takes an error without a cause', () => {
    expect(classifyEnd({ stage: 'run', error: 'States.TaskFailed' }).outcome).toBe('WorkerLost');
    expect(classifyEnd({ stage: 'pick', error: 'States.TaskFailed' })).toEqual({
      outcome: 'GenerationFailed',
      reason: 'States.TaskFailed: ',
    });
  });

  it('stops for an error that is neither of Batch nor of the job: a fault of ours', () => {
    expect(classifyEnd(failed('no such field', 'States.QueryEvaluationError')).outcome).toBe('GenerationFailed');
  });

  it('does not speak of a job where picking timed out', () => {
    expect(classifyEnd({ stage: 'pick', error: 'States.Timeout' }).outcome).not.toBe('WorkerNeverStarted');
  });
});
