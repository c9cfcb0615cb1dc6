import { round, sum } from '../numbers.ts';
import { type Later, listLater } from './later.ts';
import { priceTable } from './price-table.ts';
import { listStored, type Stored, usdPerImage } from './stored.ts';
import { ofType, readTemplate } from './template.ts';

export interface CostItem {
  readonly type: string;
  readonly count: number;
  readonly usdPerMonth: number;
  readonly usdPerMonthWithoutFreeTier: number;
  readonly why: string;
}

export interface IdleCost {
  /** Inside the free tier that AWS gives every account for ever. */
  readonly usdPerMonth: number;
  readonly usdPerMonthWithoutFreeTier: number;
  /** Of the one image of the worker that every deploy leaves in ECR, on top of both. */
  readonly imageUsdPerMonth: number;
  readonly items: readonly CostItem[];
  readonly stored: readonly Stored[];
  readonly later: readonly Later[];
  readonly freeTier: readonly { readonly type: string; readonly usdPerMonth: number; readonly why: string }[];
}

/** To a hundredth of a cent. */
const toUsd = (usd: number) => round(usd, 4);

/** @throws Error that names every type without a price */
export function computeIdleCost(raw: unknown): IdleCost {
  const template = readTemplate(raw);
  const types = [...new Set(template.map(({ type }) => type))].sort();
  const unknown = types.filter((type) => !priceTable[type]);
  if (unknown.length) {
    const names = unknown.map((type) => `\`${type}\``).join(', ');
    throw new Error(`Expected a price for ${names}, got none. To fix: add it to bench/idle-cost/price-table.ts.`);
  }
  const items = types.flatMap((type): readonly CostItem[] => {
    const resources = ofType(template, type);
    const charge = priceTable[type]?.(resources, template);
    if (!charge) return [];
    const { usd, freeUsd, why } = charge;
    const usdPerMonth = toUsd(usd - freeUsd);
    return [{ type, count: resources.length, usdPerMonth, usdPerMonthWithoutFreeTier: toUsd(usd), why }];
  });
  const total = (field: 'usdPerMonth' | 'usdPerMonthWithoutFreeTier') => toUsd(sum(items.map((item) => item[field])));
  return {
    usdPerMonth: total('usdPerMonth'),
    usdPerMonthWithoutFreeTier: total('usdPerMonthWithoutFreeTier'),
    imageUsdPerMonth: toUsd(ofType(template, 'AWS::ECR::Repository').length * usdPerImage),
    items,
    stored: listStored(template),
    later: listLater(template),
    freeTier: items
      .map(({ type, why, ...usd }) => {
        return { type, usdPerMonth: toUsd(usd.usdPerMonthWithoutFreeTier - usd.usdPerMonth), why };
      })
      .filter(({ usdPerMonth }) => usdPerMonth > 0),
  };
}
