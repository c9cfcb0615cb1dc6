import type { FrontCall } from '../../local/address/front.ts';
import type { WireReply } from '../../local/address/wire.ts';
import { operationOf, whoCalls } from './call-faults.ts';

/** What the services really did, seen before their doors: the claims of the workflow are held against it. */
export interface Witness {
  observe(call: FrontCall, reply: WireReply): void;
  /** Hashes that the bucket accepted, by the id of the Batch job that put them. */
  readonly stored: ReadonlyMap<string, ReadonlySet<string>>;
  /** How often the bucket accepted a write of what is written once, by key. */
  readonly writtenOnce: ReadonlyMap<string, number>;
  /** Messages that the topic accepted, by job. */
  readonly published: ReadonlyMap<string, number>;
  /** Batch job ids by attempt name, in order. */
  readonly submitted: ReadonlyMap<string, readonly string[]>;
  readonly closedPools: ReadonlySet<string>;
}

const onceOnly = /^(images\/[0-9a-f]+\.png|jobs\/[^/]+\/receipt\.json|jobs\/[^/]+\/attempts\/.*\.settled\.json)$/;

const makeNotes = () => ({
  stored: new Map<string, Set<string>>(),
  writtenOnce: new Map<string, number>(),
  published: new Map<string, number>(),
  submitted: new Map<string, string[]>(),
  closedPools: new Set<string>(),
});

type Notes = ReturnType<typeof makeNotes>;

const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);

/** By service: what a call that was answered well did. */
const watchers: Readonly<Record<string, (notes: Notes, call: FrontCall, reply: WireReply) => void>> = {
  s3: ({ stored, writtenOnce }, call) => {
    if (call.method !== 'PUT') return;
    const key = decodeURIComponent(call.path.split('?')[0]?.split('/').slice(2).join('/') ?? '');
    if (!onceOnly.test(key)) return;
    count(writtenOnce, key);
    const hash = /^images\/([0-9a-f]+)\.png$/.exec(key)?.[1];
    if (!hash || whoCalls(call) !== 'worker') return;
    stored.set(call.caller, (stored.get(call.caller) ?? new Set()).add(hash));
  },
  sns: ({ published }, call) => {
    const form = new URLSearchParams(call.body.toString());
    const message = form.get('Message') ?? '';
    // One text for each protocol, or one for all.
    const text = form.get('MessageStructure') === 'json' ? JSON.parse(message).default : message;
    const jobId = /^Job (\S+) /.exec(text)?.[1];
    if (form.get('Action') === 'Publish' && jobId) count(published, jobId);
  },
  batch: ({ submitted }, call, reply) => {
    if (!call.path.endsWith('/submitjob')) return;
    const { jobName, jobId } = JSON.parse(reply.body.toString());
    submitted.set(jobName, [...(submitted.get(jobName) ?? []), jobId]);
  },
  dynamodb: ({ closedPools }, call) => {
    if (!operationOf(call).endsWith('.PutItem')) return;
    const sk: string = JSON.parse(call.body.toString()).Item?.sk?.S ?? '';
    if (sk.startsWith('closed#')) closedPools.add(sk.slice('closed#'.length));
  },
};

export function makeWitness(): Witness {
  const notes = makeNotes();
  return {
    ...notes,
    observe: (call, reply) => {
      if (reply.status < 300) watchers[call.service]?.(notes, call, reply);
    },
  };
}
