/** Wrong usage: exit code 2, and where the help is. */
export class UsageProblem extends Error {
  /** As it is typed: `models import`; absent: none was named. */
  readonly command?: string;

  constructor(message: string, command?: string) {
    super(message);
    this.command = command;
  }
}
