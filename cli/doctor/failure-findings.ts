import { errorTable } from '../../functions/core/errors.ts';
import type { Answer } from '../../functions/core/market/gap.ts';
import { type Finding, judgeAnswer } from './finding.ts';

/** A job that failed. */
export interface FailedJob {
  readonly jobId: string;
  readonly error: string;
  readonly cause: string;
  /** ISO time */
  readonly at: string;
  readonly link?: string;
}

/** Older ones say little of today. */
const recentDays = 7;
const mostCharacters = 200;

const shorten = (text: string) => (text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text);

const remedyOf = (error: string) => errorTable.find(({ name }) => name === error)?.remedy;

/** What failed lately: it may fail again, and need not. */
export function judgeFailures(answer: Answer<readonly FailedJob[]>, now: Date): readonly Finding[] {
  return judgeAnswer('jobs', answer, (failed): readonly Finding[] => {
    const since = now.getTime() - recentDays * 86_400_000;
    const recent = failed.filter(({ at }) => Date.parse(at) >= since);
    if (!recent.length) return [{ name: 'jobs', state: 'ok', says: `no job failed in the last ${recentDays} days` }];
    return recent.map(({ jobId, error, cause, at, link }) => {
      const says = `${jobId} failed at ${at.slice(0, 16).replace('T', ' ')}: ${error}: ${shorten(cause)}`;
      const fix = remedyOf(error);
      return { name: 'jobs', state: 'warning', says, ...(fix && { fix }), ...(link && { link }) };
    });
  });
}

/** The last build that imported a model. */
export interface ImportBuild {
  readonly model: string;
  readonly status: string;
  readonly why: string;
  readonly link: string;
}

/** @param answer undefined: there was none */
export function judgeImport(answer: Answer<ImportBuild | undefined>): readonly Finding[] {
  return judgeAnswer('import', answer, (build): readonly Finding[] => {
    if (!build || build.status === 'SUCCEEDED') return [];
    const link = build.link ? { link: build.link } : {};
    const what = `the last import (${build.model})`;
    if (build.status === 'IN_PROGRESS')
      return [{ name: 'import', state: 'warning', says: `${what} is under way`, ...link }];
    const says = `${what} ended ${build.status}: ${shorten(build.why)}`;
    return [
      { name: 'import', state: 'warning', says, fix: 'its log says what is missing; then import again', ...link },
    ];
  });
}
