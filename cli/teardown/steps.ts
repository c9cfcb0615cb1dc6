/** One thing that is ended or deleted, for which a person says yes. */
export interface Step {
  readonly name: string;
  /** What is done, beginning with a verb in small letters. */
  readonly says: string;
  /** Is left alone where this step is. */
  readonly after?: string;
  run(): Promise<void>;
}

export interface StepsOptions {
  /** Undefined: nobody can be asked. */
  readonly confirm?: (question: string) => Promise<boolean>;
  readonly say: (line: string) => void;
}

/** What was done, and what was left because somebody said no. */
export interface Done {
  readonly done: readonly string[];
  readonly left: readonly string[];
}

/** One after the other, each after its own yes. */
export async function runSteps(steps: readonly Step[], { confirm, say }: StepsOptions): Promise<Done> {
  const done: string[] = [];
  const left: string[] = [];
  for (const step of steps) {
    const isHeld = step.after !== undefined && left.includes(step.after);
    if (isHeld || (confirm && !(await confirm(`Really ${step.says}?`)))) {
      left.push(step.name);
      continue;
    }
    say(`Now: ${step.says}.`);
    await step.run();
    done.push(step.name);
  }
  return { done, left };
}

export const wouldLines = (steps: readonly Step[]): readonly string[] => [
  'Would:',
  ...steps.map(({ says }) => `  ${says}`),
  'Nothing was done: the same command with `--yes` does it; on a terminal it asks for each.',
];
