import { randomUUID } from 'node:crypto';
import { escapeXml, toXmlReply, type WireReply, type WireRequest } from '../address/wire.ts';
import { listPriceChanges, type PriceChange } from './walk.ts';

const PRODUCT = 'Linux/UNIX';
const MAX_PAGE = 1000;

export interface SpotPricePage {
  readonly changes: readonly PriceChange[];
  readonly nextToken: string;
}

/** Answers DescribeSpotPriceHistory; undefined for any other action. */
export async function serveSpotPrices(request: WireRequest, readPage: ReadPage): Promise<WireReply | undefined> {
  const form = new URLSearchParams(request.body.toString());
  if (form.get('Action') !== 'DescribeSpotPriceHistory') return undefined;
  const page = await readPage(form);
  const items = page.changes.map(toItem).join('');
  return toXmlReply(
    200,
    `<DescribeSpotPriceHistoryResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${randomUUID()}</requestId>` +
      `<spotPriceHistorySet>${items}</spotPriceHistorySet><nextToken>${escapeXml(page.nextToken)}</nextToken></DescribeSpotPriceHistoryResponse>`,
  );
}

export type ReadPage = (form: URLSearchParams) => Promise<SpotPricePage>;

/** Pages of the synthetic market. The token holds the end of the window, so that pages fit together while time goes on. */
export function makeSyntheticPages(seed = 1, now: () => Date = () => new Date()): ReadPage {
  return async (form) => {
    const [skip = 0, until = now().getTime()] = readToken(form.get('NextToken'));
    const to = new Date(Math.min(until, Date.parse(form.get('EndTime') ?? '') || until));
    const from = new Date(form.get('StartTime') ?? to.getTime() - 90 * 86_400_000);
    const all = isOffered(form)
      ? listPriceChanges(seed, { from, to, instanceTypes: listTypes(form), zones: listZones(form) })
      : [];
    const size = Math.min(Number(form.get('MaxResults')) || MAX_PAGE, MAX_PAGE);
    const next =
      skip + size < all.length ? Buffer.from(JSON.stringify([skip + size, until])).toString('base64url') : '';
    return { changes: all.slice(skip, skip + size), nextToken: next };
  };
}

function readToken(token: string | null): number[] {
  return token ? JSON.parse(Buffer.from(token, 'base64url').toString()) : [];
}

function listTypes(form: URLSearchParams): string[] {
  return [...readList(form, 'InstanceType'), ...readFilter(form, 'instance-type')];
}

function listZones(form: URLSearchParams): string[] {
  const named = [form.get('AvailabilityZone'), form.get('AvailabilityZoneId')].filter((zone) => zone !== null);
  return [...named, ...readFilter(form, 'availability-zone'), ...readFilter(form, 'availability-zone-id')];
}

function isOffered(form: URLSearchParams): boolean {
  const products = [...readList(form, 'ProductDescription'), ...readFilter(form, 'product-description')];
  return products.length === 0 || products.some((product) => product.startsWith(PRODUCT));
}

export function readList(form: URLSearchParams, name: string): string[] {
  return [...form].filter(([key]) => new RegExp(`^${name}\\.\\d+$`).test(key)).map(([, value]) => value);
}

export function readFilter(form: URLSearchParams, name: string): string[] {
  const key = [...form].find(([field, value]) => /^Filter\.\d+\.Name$/.test(field) && value === name)?.[0];
  return key ? readList(form, key.replace('Name', 'Value').replaceAll('.', '\\.')) : [];
}

function toItem({ zone, instanceType, usdPerHour, at }: PriceChange): string {
  return (
    `<item><instanceType>${instanceType}</instanceType><productDescription>${PRODUCT}</productDescription>` +
    `<spotPrice>${usdPerHour.toFixed(6)}</spotPrice><timestamp>${at.toISOString()}</timestamp>` +
    `<availabilityZone>${zone.name}</availabilityZone><availabilityZoneId>${zone.id}</availabilityZoneId></item>`
  );
}
