import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

/*
 * The inside of a function instance: imports the bundle once, then answers one invocation at a time.
 * Events and results cross as JSON text, as on AWS: what JSON can't carry must not work here either.
 */
enableCompileCache(workerData.compileCache);

const trueNow = Date.now;

const loaded: Promise<{ handler: (event: unknown, context: unknown) => unknown }> = import(workerData.bundle);
loaded.catch(() => {}).then(() => parentPort?.postMessage({ isReady: true }));

parentPort?.on('message', async ({ requestId, event, deadline, clockOffsetMs }) => {
  Date.now = clockOffsetMs ? () => trueNow() + clockOffsetMs : trueNow;
  try {
    const { handler } = await loaded;
    const context = { awsRequestId: requestId, functionName: workerData.name, ...describe(deadline) };
    const result = await handler(JSON.parse(event), context);
    parentPort?.postMessage({ requestId, payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    parentPort?.postMessage({ requestId, functionError: 'Unhandled', payload: JSON.stringify(toFailure(error)) });
  }
});

function describe(deadline: number) {
  return {
    functionVersion: '$LATEST',
    invokedFunctionArn: workerData.arn,
    memoryLimitInMB: '1024',
    getRemainingTimeInMillis: () => Math.max(0, deadline - trueNow()),
  };
}

/** The shape that AWS's own Node.js runtime client gives. */
function toFailure(error: unknown) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}
