import { expect, it } from 'vitest';
import { readExecutionInput } from '../../../../functions/core/close/execution-input.ts';
import { anyScheduled } from '../../../../functions/core/input/scheduled.ts';

it.each([
  ['{"prompt":"a","schedule":{"name":"nightly","time":"2026-11-23T22:00:00Z"}}', 'nightly'],
  ['{"prompt":"a"}', undefined],
  ['{"schedule":{"name":"a b","time":"2026-11-23T22:00:00Z"}}', undefined],
  [`{"schedule":{"name":"a","time":"2026-11-23T22:00:00.${'0'.repeat(99)}Z"}}`, undefined],
  ['{"schedule":"nightly"}', undefined],
  ['{"schedule":', undefined],
  ['7', undefined],
  ['null', undefined],
  [null, undefined],
  [undefined, undefined],
])('reads the schedule of an input that nobody found right, and none where there is none: %j', (input, name) => {
  expect(anyScheduled.parse(readExecutionInput(input).schedule)?.name).toBe(name);
});
