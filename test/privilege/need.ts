import { ACCOUNT, REGION } from '../../local/names.ts';

/** One permission that a call takes. */
export interface Need {
  readonly action: string;
  readonly resource: string;
}

export function toArn(service: string, rest: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
}

/** A name or an ARN, as most APIs take either. */
export function nameOrArn(service: string, kind: string, given: unknown): string {
  const text = String(given);
  return text.startsWith('arn:') ? text : toArn(service, `${kind}${text}`);
}

/** For actions that know no resource. */
export function anywhere(action: string): readonly Need[] {
  return [{ action, resource: '*' }];
}
