/** What a person can act on, in one line that says how: exit code 1, no stack. */
export class PlainProblem extends Error {}
