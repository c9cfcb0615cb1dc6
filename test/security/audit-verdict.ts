import { z } from 'zod';

/**
 * What the auditors' own outputs mean. `unknown`: the advisory service did not answer, which both tools may say with a good exit
 * code (pip-audit skips what it can't look up, and finds nothing).
 */
export interface Audit {
  readonly verdict: 'clean' | 'found' | 'unknown';
  readonly lines: readonly string[];
}

const npmReport = z.object({
  vulnerabilities: z.record(z.string(), z.object({ name: z.string(), severity: z.string(), range: z.string() })),
  metadata: z.object({}),
});

const npmFailure = z.object({
  message: z.string().optional(),
  error: z.object({ summary: z.string().optional() }).optional(),
});

const pipReport = z.object({
  dependencies: z
    .array(
      z.object({
        name: z.string(),
        version: z.string().default(''),
        skip_reason: z.string().optional(),
        vulns: z.array(z.object({ id: z.string(), fix_versions: z.array(z.string()).default([]) })).default([]),
      }),
    )
    .min(1),
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param text of `npm audit --json` */
export function readNpmAudit(text: string): Audit {
  const report = npmReport.safeParse(parse(text)).data;
  if (!report) {
    const failure = npmFailure.safeParse(parse(text)).data;
    const said = failure?.message ?? failure?.error?.summary ?? 'no report';
    return { verdict: 'unknown', lines: [`npm's advisory service did not answer: ${said.slice(0, 200)}`] };
  }
  const lines = Object.values(report.vulnerabilities)
    .filter(({ severity }) => severity === 'high' || severity === 'critical')
    .map(({ name, severity, range }) => `${name} ${range}: ${severity}`);
  return lines.length ? { verdict: 'found', lines } : { verdict: 'clean', lines: [] };
}

/** @param text of `pip-audit --format json` */
export function readPipAudit(text: string): Audit {
  const packages = pipReport.safeParse(parse(text)).data?.dependencies;
  if (!packages) return { verdict: 'unknown', lines: ["pip-audit's advisory service did not answer"] };
  const found = packages.flatMap(({ name, version, vulns }) =>
    vulns.map(({ id, fix_versions: fixed }) => `${name} ${version}: ${id}, fixed in ${fixed.join(', ') || 'none'}`),
  );
  if (found.length) return { verdict: 'found', lines: found };
  const skipped = packages.filter((one) => one.skip_reason);
  if (!skipped.length) return { verdict: 'clean', lines: [] };
  const names = skipped.slice(0, 5).map(({ name }) => name);
  const more = skipped.length > names.length ? `, and ${skipped.length - names.length} more` : '';
  return {
    verdict: 'unknown',
    lines: [`no answer for ${skipped.length} of ${packages.length}: ${names.join(', ')}${more}`],
  };
}
