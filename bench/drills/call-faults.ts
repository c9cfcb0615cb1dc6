import type { CallFault, FrontCall } from '../../local/address/front.ts';
import { CLOCK_OFFSET_HEADER } from '../../local/lambda/endpoint.ts';
import { FUNCTION_KEY_PREFIX, MACHINE_ACCESS_KEY_ID } from '../../local/names.ts';
import type { CallClass, CallFaultKind, PlannedCallFault, StormPlan } from './plan.ts';
import { timedOut, troubles } from './wire-errors.ts';

/** Gives each planned fault to the call whose turn it is. */
export interface CallFaults {
  decide(call: FrontCall): CallFault | undefined;
  /** How many are still to come. */
  left(): number;
}

const isUuid = (text: string) => /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(text);

export function whoCalls({ caller }: FrontCall): CallClass['who'] | undefined {
  if (caller === MACHINE_ACCESS_KEY_ID) return 'machine';
  if (caller.startsWith(FUNCTION_KEY_PREFIX)) return 'function';
  return isUuid(caller) ? 'worker' : undefined;
}

/** The operation, as far as a client tries it again as the same. */
export function operationOf({ service, method, path, headers, body }: FrontCall): string {
  if (service === 's3') return `${method} ${path.split('?')[0]?.split('/').slice(2, 4).join('/')}`;
  if (service === 'sns' || service === 'ec2') return new URLSearchParams(body.toString()).get('Action') ?? '';
  return String(headers['x-amz-target'] ?? path);
}

/** Step Functions learns by polling in moto and by events on AWS: its look at a job is no call that fails there. */
const isSpared = (call: FrontCall) =>
  call.service === 'batch' && whoCalls(call) === 'machine' && !call.path.endsWith('/submitjob');

/** Step Functions' own clients ask again, moto's would end the execution; and who looks on is no part of the storm. */
export const isPatient = (call: FrontCall) => !['function', 'worker'].includes(whoCalls(call) ?? '');

const clockJumps = [-600_000, 90_000, 600_000, -45_000];
export const largestJumpMs = Math.max(...clockJumps);

function toFault(kind: CallFaultKind, service: string, count: number): CallFault {
  switch (kind) {
    case 'throttled':
    case 'broken': {
      const trouble = troubles[service];
      if (!trouble) throw new Error(`Expected a service whose errors are known, got \`${service}\`.`);
      return { kind: 'refuse', reply: trouble(kind) };
    }
    case 'answer-lost':
      // To moto a broken connection is the end of the execution; to Step Functions it is an error of the service.
      if (service === 'lambda' || service === 'batch') {
        const reply = troubles[service]?.('broken');
        if (reply) return { kind: 'replace', reply };
      }
      return { kind: 'lose' };
    case 'timed-out':
      return { kind: 'replace', reply: timedOut };
    case 'twice':
      return { kind: 'twice' };
    case 'late':
      return { kind: 'late', milliseconds: 400 };
    case 'clock-jump':
      return { kind: 'change', headers: { [CLOCK_OFFSET_HEADER]: String(clockJumps[count % clockJumps.length]) } };
    default:
      return kind satisfies never;
  }
}

interface Turn {
  readonly of: CallClass;
  readonly pending: PlannedCallFault[];
  calls: number;
}

export function makeCallFaults({ calls }: StormPlan, onStruck: (kind: string, call: FrontCall) => void): CallFaults {
  const turns: readonly Turn[] = [...calls].map(([of, planned]) => ({ of, pending: [...planned], calls: 0 }));
  /** What a long fault still takes, by caller and operation. */
  const lasting = new Map<string, { readonly kind: CallFaultKind; calls: number }>();
  let struck = 0;
  return {
    left: () => turns.reduce((sum, turn) => sum + turn.pending.length, 0),
    decide: (call) => {
      const who = whoCalls(call);
      if (!who || isSpared(call)) return undefined;
      const key = `${call.caller} ${call.service} ${operationOf(call)}`;
      const long = lasting.get(key);
      if (long) {
        long.calls -= 1;
        if (long.calls === 0) lasting.delete(key);
        return toFault(long.kind, call.service, struck);
      }
      for (const turn of turns) {
        if (turn.of.who !== who || turn.of.service !== call.service) continue;
        turn.calls += 1;
        const due = turn.pending[0];
        if (!due || due.nth > turn.calls) continue;
        turn.pending.shift();
        struck += 1;
        onStruck(`${turn.of.name}-${due.kind}`, call);
        if (due.calls > 1) lasting.set(key, { kind: due.kind, calls: due.calls - 1 });
        return toFault(due.kind, call.service, struck);
      }
      return undefined;
    },
  };
}
