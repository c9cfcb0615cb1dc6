import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorTable } from '../../functions/core/errors.ts';
import { root } from '../../infra/paths.ts';
import { synthesize } from './synth.ts';

const runbook = readFileSync(join(root, 'docs', 'runbook.md'), 'utf8');
const template = synthesize({ goldenAmi: true });
const resources = Object.values<{ Type: string; Properties?: Readonly<Record<string, unknown>> }>(template.Resources);
const found = (pattern: RegExp) => [...new Set([...runbook.matchAll(pattern)].map(([, name = '']) => name))];
/** The sections, as a browser finds them. */
const anchors = found(/^#+ (.+)$/gm).map((title) =>
  title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-'),
);

describe('the runbook', () => {
  it('has a section for each alarm, and for the budget', () => {
    const alarms = resources.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
    const named = alarms.map(
      ({ Properties }) => /docs\/runbook\.md#(\S+)$/.exec(String(Properties?.AlarmDescription))?.[1],
    );
    expect(named).toHaveLength(6);
    expect(anchors).toEqual(expect.arrayContaining([...named, 'budget']));
  });

  it('says of each error where a person looks', () => {
    const unnamed = errorTable.filter(
      ({ name }) => !runbook.includes(`| \`${name}\``) && !runbook.includes(`, \`${name}\``),
    );
    expect(unnamed.map(({ name }) => name)).toEqual([]);
  });

  it('asks for outputs and resources that the stack has', () => {
    expect(Object.keys(template.Outputs)).toEqual(expect.arrayContaining(found(/\$\(out (\w+)\)/g)));
    expect(resources.map(({ Type }) => Type)).toEqual(expect.arrayContaining(found(/\$\(one ([\w:]+)\)/g)));
  });

  it('names functions, log groups and FIS templates as the stack does', () => {
    const text = JSON.stringify(resources);
    const names = found(/(?<![\w/])(\/(?:aws\/lambda|aws\/vendedlogs|spot-diffusion)\/[\w/-]*\w)(?![\w/<-])/g);
    const functions = found(/--function-name (\S+)/g);
    const drills = found(/^drill (\S+)/gm);
    expect(names.length + functions.length + drills.length).toBeGreaterThan(8);
    expect([...names, ...functions, ...drills].filter((name) => !text.includes(`"${name}"`))).toEqual([]);
  });
});
