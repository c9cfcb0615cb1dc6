import { expect, it } from 'vitest';
import { readExecutionInput } from '../../../../functions/core/close/execution-input.ts';

it.each([
  ['{"notify":"me","partOf":{"jobId":"a"},"schedule":7}', { notify: 'me', partOf: { jobId: 'a' }, schedule: 7 }],
  [`{"notify":"${'x'.repeat(64)}"}`, { notify: 'x'.repeat(64) }],
  [`{"notify":"${'x'.repeat(65)}"}`, {}],
  ['{"notify":7}', {}],
  ['{"notify":"\\u0007"}', {}],
  ['[', {}],
  ['null', {}],
  [undefined, {}],
])('takes from the input of an execution what closing needs: %j', (text, expected) => {
  expect(readExecutionInput(text)).toEqual({ notify: undefined, partOf: undefined, schedule: undefined, ...expected });
});
