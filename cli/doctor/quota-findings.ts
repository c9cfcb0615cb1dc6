import { judgeQuota } from '../../functions/core/market/quotas.ts';
import { quotaPageLink } from '../../functions/core/tell/console-links.ts';
import { typesOf } from '../quota/judge-quota.ts';
import type { QuotaReading } from '../quota/read-quotas.ts';
import type { Finding, FindingState } from './finding.ts';

export interface QuotaPlace {
  /** Types of the configured pools. */
  readonly types: readonly string[];
  readonly region: string;
  /** What follows `npm start -- quota request`. */
  readonly flags: string;
}

type Startable = 'yes' | 'no' | 'unknown';

const leastOf = (reading: QuotaReading, types: readonly string[]) =>
  Math.min(...typesOf(reading, types).map(({ vcpus }) => vcpus));

function startable(reading: QuotaReading, types: readonly string[]): Startable {
  const { value: have } = reading.have;
  if (have === undefined) return 'unknown';
  return have < leastOf(reading, types) ? 'no' : 'yes';
}

const kinds = { spot: 'Spot', 'on-demand': 'on demand' } as const;

/** Other markets and families that a job can go to. */
function elsewhere(reading: QuotaReading, all: readonly QuotaReading[], types: readonly string[]): string | undefined {
  const others = all.filter((other) => other !== reading && startable(other, types) === 'yes');
  if (!others.length) return undefined;
  const places = others.map(({ quota, market }) => `${kinds[market]} (${quota.code})`).join(', ');
  const hint = others.every(({ market }) => market === 'on-demand')
    ? ', for jobs with `--on-demand fallback` or `only`'
    : '';
  return `pools of ${places} can start${hint}`;
}

function pendingText({ pending }: QuotaReading): string {
  return pending.value ? `; ${pending.value.vcpus} vCPUs are asked for (${pending.value.status})` : '';
}

interface Judged {
  readonly state: FindingState;
  readonly says: string;
  readonly isShort: boolean;
}

function judgeZero(reading: QuotaReading, all: readonly QuotaReading[], types: readonly string[]): Judged {
  const least = leastOf(reading, types);
  const there = elsewhere(reading, all, types);
  const maybe = all.some((other) => startable(other, types) === 'unknown');
  const says = `have ${reading.have.value}, one instance needs ${least}: no ${kinds[reading.market]} pool can start${pendingText(reading)}`;
  return { state: there || maybe ? 'warning' : 'problem', says: there ? `${says}; ${there}` : says, isShort: true };
}

function judgeOne(reading: QuotaReading, all: readonly QuotaReading[], types: readonly string[]): Judged {
  const { value: have, problem = 'AWS does not say' } = reading.have;
  if (have === undefined) return { state: 'unknown', says: `could not be read: ${problem}`, isShort: false };
  const need = leastOf(reading, types);
  const { value: used } = reading.used;
  const verdict = judgeQuota({ need, have, used });
  if (verdict === 'zero') return judgeZero(reading, all, types);
  const use = used === undefined ? `have ${have}, what is used is not known` : `${used} of ${have} used`;
  const tooLarge = typesOf(reading, types).filter(({ vcpus }) => vcpus > have);
  const large = tooLarge.length ? `; too few for ${tooLarge.map(({ name }) => name).join(', ')}` : '';
  if (verdict === 'full') {
    const says = `${use}, one instance needs ${need}: a job waits until another instance ends${pendingText(reading)}`;
    return { state: 'warning', says, isShort: true };
  }
  return {
    state: large ? 'warning' : 'ok',
    says: `${use} (vCPUs)${large}${pendingText(reading)}`,
    isShort: large !== '',
  };
}

/** Each quota of the configured pools: it is a problem only where no pool at all could start. */
export function judgeQuotas(readings: readonly QuotaReading[], place: QuotaPlace): readonly Finding[] {
  return readings.map((reading) => {
    const { state, says, isShort } = judgeOne(reading, readings, place.types);
    const { code, name } = reading.quota;
    return {
      name: 'quota',
      state,
      says: `${name} (${code}): ${says}`,
      ...(isShort && !reading.pending.value && { fix: `\`npm start -- quota request --code ${code}${place.flags}\`` }),
      ...(state !== 'ok' && { link: quotaPageLink(place.region, code) }),
    };
  });
}
