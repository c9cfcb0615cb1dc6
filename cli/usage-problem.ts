/** Wrong usage: a sentence and exit code 2. */
export class UsageProblem extends Error {}
