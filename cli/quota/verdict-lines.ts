import { count } from '../words/amounts.ts';
import type { QuotaVerdict } from './judge-quota.ts';

const vcpus = (number: number) => count(number, 'vCPU');

/** A quota in words: what there is, what would be asked, and with what reason. */
export function verdictLines(verdict: QuotaVerdict): readonly string[] {
  const { code, name, link } = verdict;
  const quota = `Quota ${code} (${name})`;
  switch (verdict.state) {
    case 'enough':
      return [`${quota}: have ${vcpus(verdict.have)}, ${verdict.need} are enough. Nothing to ask.`];
    case 'pending': {
      const { status, id } = verdict.pending;
      const asked = `${vcpus(verdict.pending.vcpus)} are asked for (${status}, ${id})`;
      return [
        `${quota}: have ${vcpus(verdict.have)}, ${asked}. AWS decides; nothing more is asked until then. ${link}`,
      ];
    }
    case 'short':
      return [
        `${quota}: from ${verdict.have} to ${vcpus(verdict.to)}. ${link}`,
        `  Where AWS opens a case and asks for the use: ${verdict.text}`,
      ];
    case 'unknown':
      return [`${quota}: not known. ${verdict.problem}. ${link}`];
    default:
      return verdict satisfies never;
  }
}
