import { ExecutionAlreadyExists, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { PlaceFlags } from '../grammar/flags.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import type { Target } from '../target/target.ts';
import { answer } from '../words/answer.ts';
import { say } from '../words/say.ts';
import type { Order } from './run-job.ts';

/** Starts a job on AWS and leaves it: nobody needs to wait here, the job tells of its end. */
export async function startThere(target: Target, { jobId, input }: Order, flags: PlaceFlags): Promise<number> {
  const { stateMachineArn } = target;
  const command = new StartExecutionCommand({ stateMachineArn, name: jobId, input: JSON.stringify(input) });
  try {
    const { executionArn } = await target.executions.send(command);
    say(`Started ${executionArn}. \`npm start -- watch ${jobId}${target.flags}\` shows how it goes.`);
    answer(flags.json, { jobId, executionArn }, [jobId]);
    return 0;
  } catch (error) {
    if (error instanceof ExecutionAlreadyExists) throw new PlainProblem(`Another command has just started ${jobId}.`);
    throw error;
  }
}
