import { expect, it } from 'vitest';
import { executionArnOf } from '../../../functions/core/execution-arn.ts';

it('names the execution of a job by its machine', () => {
  const stateMachineArn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:spot-diffusion';
  expect(executionArnOf({ stateMachineArn }, 'night-1')).toBe(
    'arn:aws:states:eu-west-1:123456789012:execution:spot-diffusion:night-1',
  );
});
