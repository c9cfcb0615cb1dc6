import { openRouter } from '../address/router.ts';
import { send, toTextReply } from '../address/wire.ts';
import { servePricing } from './price-list.ts';
import { makeSyntheticPages, serveSpotPrices } from './spot-prices.ts';

/** The market alone, without engine and functions: what asks for prices and nothing else starts in no time. */
export async function openPriceEndpoint(seed?: number) {
  const router = await openRouter(0);
  const pages = makeSyntheticPages(seed);
  router.serve({
    endpoints: { ec2: (request) => serveSpotPrices(request, pages), pricing: servePricing },
    imds: async () => toTextReply(404, 'There is no instance.\n'),
    forward: async (_, response) => send(response, toTextReply(501, 'Expected a question for prices.\n')),
  });
  return { endpoint: `http://127.0.0.1:${router.port}`, close: router.close };
}
