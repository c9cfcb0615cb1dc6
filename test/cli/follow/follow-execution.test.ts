import { SFNClient } from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, it } from 'vitest';
import { followExecution } from '../../../cli/follow/follow-execution.ts';
import { type HttpStub, startStub } from '../../functions/adapters/http-stub.ts';

let stub: HttpStub | undefined;
afterEach(() => stub?.stop());

const entered = (id: number) => ({
  id,
  type: 'TaskStateEntered',
  timestamp: 0,
  stateEnteredEventDetails: { name: `state ${id}`, input: '{}' },
});
const succeeded = (id: number) => ({ id, type: 'ExecutionSucceeded', timestamp: 0 });
const pageOf = (events: readonly { readonly id: number }[], size: number, from: number) => {
  const next = from + size < events.length ? { nextToken: String(from + size) } : {};
  return { events: events.slice(from, from + size), ...next };
};

/** An execution that grows by so many events before each look but the first, and ends with the last. */
async function follow(begins: number, grows: readonly number[], order: 'newest first' | 'oldest first') {
  const grow = [...grows];
  let length = begins;
  stub = await startStub(({ body }) => {
    const { maxResults, nextToken = '0' } = JSON.parse(body);
    const ids = Array.from({ length }, (_, index) => index + 1);
    const events = ids.map((id) => (id === length && !grow.length ? succeeded(id) : entered(id)));
    const page = order === 'oldest first' ? { events } : pageOf(events.toReversed(), maxResults, Number(nextToken));
    return { body: JSON.stringify(page), headers: { 'content-type': 'application/x-amz-json-1.0' } };
  });
  const seen: string[] = [];
  const target = { kind: 'local', executions: new SFNClient(stub.client) } as const;
  const look = async () => {
    length += grow.shift() ?? 0;
  };
  for await (const moment of followExecution(target, 'arn', look)) {
    seen.push(moment.kind === 'entered' ? moment.state : moment.kind);
  }
  const sizes = stub.requests.map(({ body }) => JSON.parse(body).maxResults);
  return { seen, sizes };
}

const states = (count: number) => Array.from({ length: count }, (_, index) => `state ${index + 1}`);

describe('the history of an execution that is followed', () => {
  it('is read once from its beginning, then the newest events alone, each told once and in order', async () => {
    const { seen, sizes } = await follow(1500, [2, 1], 'newest first');
    expect(seen).toEqual([...states(1502), 'ended']);
    expect(sizes).toEqual([1000, 1000, 100, 100]);
  });

  it('is read back to what is known where much happened between two looks', async () => {
    const { seen, sizes } = await follow(3, [250], 'newest first');
    expect(seen).toEqual([...states(252), 'ended']);
    expect(sizes).toEqual([1000, 100, 100, 100]);
  });

  it('may come whole and oldest first, as from the local engine', async () => {
    const { seen } = await follow(3, [1, 1], 'oldest first');
    expect(seen).toEqual([...states(4), 'ended']);
  });
});
