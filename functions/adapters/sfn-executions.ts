import { ExecutionDoesNotExist, type SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Executions } from '../core/close/executions.ts';
import { executionArnOf } from '../core/execution-arn.ts';

/** The executions of one state machine, by their names. */
export function makeSfnExecutions(client: SFNClient, stateMachineArn: string): Executions {
  return {
    stop: async (name, error, cause) => {
      try {
        await client.send(
          new StopExecutionCommand({ executionArn: executionArnOf({ stateMachineArn }, name), error, cause }),
        );
      } catch (failure) {
        // It never started, or AWS has forgotten it: there is nothing to stop.
        if (!(failure instanceof ExecutionDoesNotExist)) throw failure;
      }
    },
  };
}
