import type { Answer } from '../../../functions/core/market/gap.ts';

/** Something of ours that AWS bills as long as it lies there. */
export interface Leftover {
  readonly kind: string;
  readonly id: string;
  /** How much of it, in words. */
  readonly says: string;
  /** At list prices of us-east-1; undefined: not known here. */
  readonly usdPerMonth?: number;
  /** What removes it. */
  readonly fix: string;
}

/** What is known of a stack before anything is deleted: afterwards nobody tells the names. */
export interface Known {
  readonly region: string;
  /** Its name begins the names that CloudFormation gives. */
  readonly stack: string;
  /** Whether the stack is still there. */
  readonly stands: boolean;
  /** From the outputs of the stack. */
  readonly bucketName?: string;
  readonly ledgerName?: string;
}

/** Where to look, and by what names. */
export interface Scope extends Known {
  /** ARNs with the stack's tag. */
  readonly tagged: readonly string[];
}

export interface Findings {
  readonly leftovers: readonly Leftover[];
  /** What could not be looked at: it may cost money. */
  readonly unread: readonly string[];
  /** Still listed by AWS, most likely gone: not counted. */
  readonly listed: readonly string[];
}

export function toFindings(
  looks: readonly { readonly what: string; readonly answer: Answer<readonly Leftover[]> }[],
): Findings {
  return {
    listed: [],
    leftovers: looks.flatMap(({ answer }) => answer.value ?? []),
    unread: looks.flatMap(({ what, answer }) => (answer.problem === undefined ? [] : [`${what}: ${answer.problem}`])),
  };
}

export const isClean = ({ leftovers, unread }: Findings) => leftovers.length === 0 && unread.length === 0;

export const usdPerMonthOf = ({ leftovers }: Findings) =>
  leftovers.reduce((sum, { usdPerMonth = 0 }) => sum + usdPerMonth, 0);

/** Names in the ARNs of a kind: what follows `<service>:<region>:<account>:` and the kind. */
export function namesIn(tagged: readonly string[], service: string, kind: string): readonly string[] {
  return tagged.flatMap((arn) => {
    const [, , found = '', , , ...rest] = arn.split(':');
    const resource = rest.join(':');
    return found === service && resource.startsWith(kind) ? [resource.slice(kind.length)] : [];
  });
}
