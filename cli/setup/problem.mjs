/** Something that the person at the machine can mend: shown as one line. */
export class SetupProblem extends Error {}
