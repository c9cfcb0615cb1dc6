export type Fault = 'lost' | 'duplicated' | 'orphans' | 'wrongStatus' | 'renderedTwice';

/** Something that must not be, and where. */
export interface Finding {
  readonly what: Fault;
  readonly where: string;
  readonly text: string;
}

export const countOf = (findings: readonly Finding[], what: Fault) =>
  findings.filter((finding) => finding.what === what).length;
