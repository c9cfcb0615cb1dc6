import { pricesAsOf } from './instance-types.ts';

/** What a source answered, or why it did not. */
export type Answer<T> =
  | { readonly value: T; readonly problem?: undefined }
  | { readonly problem: string; readonly value?: undefined };

const mostCharacters = 200;

/** `AccessDeniedException: User … is not authorized`: one line, without the dot at its end. */
export function describeProblem(error: unknown): string {
  if (!(error instanceof Error)) return 'an unknown failure';
  const [line = ''] = error.message.split('\n');
  const text = line.trim() ? `${error.name}: ${line.trim()}` : error.name;
  return text.slice(0, mostCharacters).replace(/\.+$/, '');
}

const list = (names: readonly string[]) => names.join(', ');

const notOffered = 'EC2 does not offer them in this region';

/** One sentence each: what is missing in an outlook, why, and what stands in for it. */
export const gap = {
  unread: (what: string, problem: string) => `${what} could not be read: ${problem}.`,
  noSpotPrice: (types: readonly string[]) => `EC2 has no Spot price of ${list(types)}.`,
  listedPrice: (types: readonly string[], problem = 'AWS Pricing has none') =>
    `On-demand prices of ${list(types)} are those of the bundled table of ${pricesAsOf} for us-east-1: ${problem}.`,
  noPrice: (types: readonly string[]) => `No on-demand price of ${list(types)} is known.`,
  listedType: (types: readonly string[], problem = notOffered) =>
    `Sizes of ${list(types)} are those of the bundled table: ${problem}.`,
  noType: (types: readonly string[], problem = notOffered) => `Nothing is known of ${list(types)}: ${problem}.`,
  noAdvisor: (region: string) => `No Spot Advisor bands are bundled for ${region}.`,
};
