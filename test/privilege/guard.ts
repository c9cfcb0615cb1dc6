import type { Guard, SignedCall } from '../../local/address/guard.ts';
import type { WireReply } from '../../local/address/wire.ts';
import { FUNCTION_KEY_PREFIX, MACHINE_ACCESS_KEY_ID } from '../../local/names.ts';
import type { Evaluator } from './evaluator.ts';
import type { Need } from './need.ts';
import { readNeeds } from './needs.ts';
import type { Grants, Principal, Statement } from './policies.ts';
import { refuse } from './refusal.ts';
import { readS3Afterthought } from './s3-needs.ts';

/** A permission that a call took, and whether it was given. */
export interface Taken extends Need {
  readonly principal: Principal;
  readonly isPermitted: boolean;
}

export interface GuardOptions {
  readonly grants: ReadonlyMap<Principal, Grants>;
  readonly evaluator: Evaluator;
  /** Messages of an encrypted topic take its key, too. */
  readonly topicKeyArn?: string;
  /** Answers what neither the local stack nor moto does. */
  readonly standIn?: (call: SignedCall) => WireReply | undefined;
}

export interface RecordingGuard extends Guard {
  /** Each permission that was taken, once; those of the last answers included. */
  read(): Promise<readonly Taken[]>;
}

const JOB_ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Callers that are people and programs of their own: they hold no role of the stack. */
const OUTSIDE = ['test', 'local'];

/** Holds every call of the stack's own principals against its policies, and remembers what each took. */
export function makeRecordingGuard({ grants, evaluator, topicKeyArn, standIn }: GuardOptions): RecordingGuard {
  const taken = new Map<string, Promise<Taken>>();
  const take = (principal: Principal, need: Need): Promise<Taken> => {
    const id = `${principal} ${need.action} ${need.resource}`;
    const statements: readonly Statement[] = grants.get(principal)?.statements ?? [];
    const judge = async () => {
      const [isPermitted = false] = await evaluator.permits(statements, [need]);
      return { principal, ...need, isPermitted };
    };
    const answer = taken.get(id) ?? judge();
    taken.set(id, answer);
    return answer;
  };
  return {
    admit: async (call) => {
      const { accessKeyId } = call.signer;
      if (OUTSIDE.includes(accessKeyId)) return undefined;
      const principal = toPrincipal(accessKeyId);
      const needs = readNeeds(call);
      if (!needs) return refuse(call, await noteUnknown(call, (need) => take(principal, need)));
      const all = [...needs, ...needs.flatMap((need) => keyNeeds(need, topicKeyArn))];
      const denied = (await Promise.all(all.map((need) => take(principal, need)))).find((one) => !one.isPermitted);
      if (!denied) return standIn?.(call);
      return refuse(call, `${principal} is not authorized to perform: ${denied.action} on ${denied.resource}`);
    },
    observe: (call, status) => {
      if (OUTSIDE.includes(call.signer.accessKeyId) || call.signer.service !== 's3') return;
      for (const need of readS3Afterthought(call, status)) void take(toPrincipal(call.signer.accessKeyId), need);
    },
    read: () => Promise.all(taken.values()),
  };
}

function toPrincipal(accessKeyId: string): Principal {
  if (accessKeyId === MACHINE_ACCESS_KEY_ID) return 'state machine';
  if (accessKeyId.startsWith(FUNCTION_KEY_PREFIX)) return accessKeyId.slice(FUNCTION_KEY_PREFIX.length);
  // A worker signs with the id of its job. Anybody else holds no grants.
  return JOB_ID.test(accessKeyId) ? 'worker' : `stranger ${accessKeyId}`;
}

/** Leaves a trace that no policy permits: a call without a reading must not pass as one that needs nothing. */
async function noteUnknown(call: SignedCall, take: (need: Need) => Promise<Taken>): Promise<string> {
  const { signer, method, path, headers, body } = call;
  const what = headers['x-amz-target'] ?? new URLSearchParams(body.toString()).get('Action') ?? `${method} ${path}`;
  await take({ action: `${signer.service}:unknown`, resource: String(what) });
  return `Expected a call that needs.ts can read, got \`${signer.service} ${what}\``;
}

function keyNeeds({ action }: Need, topicKeyArn?: string): readonly Need[] {
  if (action !== 'sns:Publish' || !topicKeyArn) return [];
  return ['kms:GenerateDataKey', 'kms:Decrypt'].map((keyAction) => ({ action: keyAction, resource: topicKeyArn }));
}
