/** An execution's name is its job's. */
export const executionArnOf = ({ stateMachineArn }: { readonly stateMachineArn: string }, jobId: string) =>
  `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${jobId}`;
