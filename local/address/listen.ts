import { createServer, type RequestListener } from 'node:http';

/** A server on the loopback address. */
export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** @param port 0 takes a free one */
export async function listen(answer: RequestListener, port: number): Promise<Listening> {
  const server = createServer(answer);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (error: NodeJS.ErrnoException) =>
    reject(error.code === 'EADDRINUSE' ? toPortInUse(port) : error),
  );
  server.listen(port, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function toPortInUse(port: number): Error {
  const message =
    `Expected port \`${port}\` on 127.0.0.1 to be free, another program listens there. ` +
    'To fix: stop it, or choose another port.';
  return Object.assign(new Error(message), { code: 'EADDRINUSE' });
}
