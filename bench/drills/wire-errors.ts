import { toJsonError, toXmlReply, type WireReply } from '../../local/address/wire.ts';

/** What the services say when they are busy or broken, in their own protocols. */
export type Trouble = 'throttled' | 'broken';

const json =
  (throttled: readonly [number, string], broken: string) =>
  (trouble: Trouble): WireReply =>
    trouble === 'throttled'
      ? toJsonError(...throttled, 'Rate exceeded')
      : toJsonError(500, broken, 'The service failed for now');

const xml =
  (wrap: (code: string) => string, throttled: readonly [number, string], broken: readonly [number, string]) =>
  (trouble: Trouble): WireReply => {
    const [status, code] = trouble === 'throttled' ? throttled : broken;
    return toXmlReply(status, wrap(`<Code>${code}</Code><Message>a rehearsed fault</Message>`));
  };

const busy = [429, 'TooManyRequestsException'] as const;

export const troubles: Readonly<Record<string, (trouble: Trouble) => WireReply>> = {
  s3: xml((error) => `<Error>${error}</Error>`, [503, 'SlowDown'], [500, 'InternalError']),
  dynamodb: json([400, 'ProvisionedThroughputExceededException'], 'InternalServerError'),
  batch: json(busy, 'ServerException'),
  lambda: json(busy, 'ServiceException'),
  servicequotas: json(busy, 'ServiceException'),
  pricing: json([400, 'ThrottlingException'], 'InternalErrorException'),
  sns: xml(
    (error) =>
      `<ErrorResponse><Error><Type>Receiver</Type>${error}</Error><RequestId>storm</RequestId></ErrorResponse>`,
    [429, 'Throttled'],
    [500, 'InternalError'],
  ),
  ec2: xml(
    (error) => `<Response><Errors><Error>${error}</Error></Errors></Response>`,
    [503, 'RequestLimitExceeded'],
    [500, 'InternalError'],
  ),
  imds: () => ({ status: 500, headers: {}, body: '' }),
};

/** What Step Functions hears of a function that did its work and was cut off. */
export const timedOut: WireReply = {
  status: 200,
  headers: { 'content-type': 'application/json', 'x-amz-function-error': 'Unhandled' },
  body: JSON.stringify({
    errorType: 'Sandbox.Timedout',
    errorMessage: 'RequestId: 00000000-0000-0000-0000-000000000000 Error: Task timed out after 120.00 seconds',
  }),
};
