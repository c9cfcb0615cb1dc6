import { expect, it } from 'vitest';
import { makeMeter } from '../../../bench/scale/meter.ts';
import type { FrontCall } from '../../../local/address/front.ts';

const aCall = (of: Partial<FrontCall>): FrontCall => ({
  service: 's3',
  caller: 'lambda-close-job',
  method: 'GET',
  path: '/spot-diffusion/images/ab.png?x-id=GetObject',
  headers: {},
  body: Buffer.alloc(0),
  ...of,
});
const answered = { status: 200, headers: {}, body: '' };

it('counts requests to S3 by who asks what, since the last reading', () => {
  const meter = makeMeter();
  const list = '/spot-diffusion/?list-type=2&prefix=thumbnails%2F256%2F';
  for (const call of [{}, {}, { method: 'HEAD' }, { path: list }, { caller: 'b7c1', method: 'PUT' }]) {
    meter.decide(aCall(call));
  }
  expect(meter.read().s3).toEqual({
    'close-job GET images': 2,
    'close-job HEAD images': 1,
    'close-job LIST thumbnails': 1,
    'worker PUT images': 1,
  });
  expect(meter.read()).toEqual({ s3: {}, secondsOf: {} });
});

it('adds up how long the invocations of a function take', () => {
  const meter = makeMeter();
  const path = '/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A1%3Afunction%3Aclose-job/invocations';
  const calls = [aCall({ service: 'lambda', path }), aCall({ service: 'lambda', path })];
  for (const call of calls) meter.decide(call);
  for (const call of calls) meter.observe(call, answered);
  meter.observe(aCall({}), answered);
  const { secondsOf, s3 } = meter.read();
  expect(Object.keys(secondsOf)).toEqual(['close-job']);
  expect(secondsOf['close-job']).toBeGreaterThan(0);
  expect(s3).toEqual({});
});
