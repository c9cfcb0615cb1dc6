import { prices } from '../../functions/core/market/service-prices.ts';
import { ofType, type Template, valueAt } from './template.ts';

/** What comes on top with time, without anybody's doing. */
export interface Later {
  readonly afterDays: number;
  readonly addsUsdPerMonth: number;
  readonly why: string;
}

/** KMS keeps the old versions of a rotated key and bills the first two of them. */
const paidRotations = [1, 2];
const defaultPeriodDays = 365;

export function listLater(template: Template): readonly Later[] {
  return ofType(template, 'AWS::KMS::Key')
    .filter((key) => valueAt(key, 'EnableKeyRotation') === true)
    .flatMap((key) => {
      const period = Number(valueAt(key, 'RotationPeriodInDays') ?? defaultPeriodDays);
      return paidRotations.map((rotation) => ({
        afterDays: rotation * period,
        addsUsdPerMonth: prices.kmsRotationMonth,
        why: `rotation ${rotation} of the key \`${key.id}\``,
      }));
    });
}
