import { describe, expect, it } from 'vitest';
import { readNpmAudit, readPipAudit } from './audit-verdict.ts';

describe('what npm audit says', () => {
  const report = (...severities: readonly string[]) =>
    JSON.stringify({
      vulnerabilities: Object.fromEntries(
        severities.map((severity, index) => [`p${index}`, { name: `p${index}`, severity, range: '<2' }]),
      ),
      metadata: {},
    });

  it('is a finding from high on', () => {
    expect(readNpmAudit(report())).toEqual({ verdict: 'clean', lines: [] });
    expect(readNpmAudit(report('low', 'moderate'))).toEqual({ verdict: 'clean', lines: [] });
    expect(readNpmAudit(report('low', 'high', 'critical'))).toEqual({
      verdict: 'found',
      lines: ['p1 <2: high', 'p2 <2: critical'],
    });
  });

  it.each([
    '{"message":"405 Method Not Allowed - POST https://registry.npmjs.org/-/npm/v1/security/advisories/bulk","statusCode":405}',
    '{"error":{"code":"ENOTFOUND","summary":"request failed"}}',
    '{"message":"npm does not start: ENOENT"}',
    '',
    'null',
  ])('is no clean bill where the service did not answer: %s', (text) => {
    const { verdict, lines } = readNpmAudit(text);
    expect(verdict).toBe('unknown');
    expect(lines[0]).toContain('did not answer');
  });
});

describe('what pip-audit says', () => {
  const skipped = { name: 'safetensors', skip_reason: 'Dependency not found on PyPI and could not be audited' };
  const clean = { name: 'numpy', version: '2.4.6', vulns: [] };
  const report = (...dependencies: readonly object[]) => JSON.stringify({ dependencies, fixes: [] });

  it('is a finding whatever its severity', () => {
    const vulns = [
      { id: 'PYSEC-2026-1', fix_versions: ['3'] },
      { id: 'GHSA-x', fix_versions: [] },
    ];
    expect(readPipAudit(report(skipped, { name: 'torch', version: '2', vulns }))).toEqual({
      verdict: 'found',
      lines: ['torch 2: PYSEC-2026-1, fixed in 3', 'torch 2: GHSA-x, fixed in none'],
    });
    expect(readPipAudit(report(clean))).toEqual({ verdict: 'clean', lines: [] });
  });

  it('is no clean bill where packages were skipped, though the tool ends well', () => {
    expect(readPipAudit(report(clean, skipped))).toEqual({
      verdict: 'unknown',
      lines: ['no answer for 1 of 2: safetensors'],
    });
    const many = Array.from({ length: 8 }, () => skipped);
    expect(readPipAudit(report(...many)).lines[0]).toMatch(/^no answer for 8 of 8: .*, and 3 more$/);
    for (const text of ['', 'Traceback', '{}', report()]) expect(readPipAudit(text).verdict).toBe('unknown');
  });
});
