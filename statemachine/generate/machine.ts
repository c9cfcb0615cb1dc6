/** The parts of the ASL document that the generated texts read. */
export interface State {
  readonly Type: string;
  readonly Comment?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string; readonly Condition: string }[];
  readonly Catch?: readonly { readonly Next: string; readonly ErrorEquals: readonly string[] }[];
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly Resource?: string;
  readonly ItemProcessor?: Machine;
}

export interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export function allStates(machine: Machine, depth = 0): readonly { name: string; state: State; depth: number }[] {
  return Object.entries(machine.States).flatMap(([name, state]) => [
    { name, state, depth },
    ...(state.ItemProcessor ? allStates(state.ItemProcessor, depth + 1) : []),
  ]);
}
