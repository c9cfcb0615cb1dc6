import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { functionsDir } from '../../../infra/paths.ts';
import { aTemplate } from '../synth.ts';

/** A reference stands as the id of what it names. */
const toText = (part: string | { readonly Ref: string }) => (typeof part === 'string' ? part : part.Ref);

const [dashboard] = Object.values(aTemplate().findResources('AWS::CloudWatch::Dashboard'));
const body = dashboard?.Properties.DashboardBody['Fn::Join'][1].map(toText).join('');
const widgets: readonly { readonly properties: Readonly<Record<string, string>> }[] = JSON.parse(body).widgets;
const queryOf = (title: string) => widgets.find(({ properties }) => properties.title === title)?.properties.query;

it.each([
  ['Images per day', 'filter ispresent(delivered)'],
  ['Cost per image, USD', 'filter delivered > reused'],
])('counts under `%s` the jobs of both ends', (title, filter) => {
  const query = queryOf(title);
  expect(query).toMatch(/^SOURCE 'FunctionsCloseJobLog\w+' \| SOURCE 'FunctionsCleanUpJobLog\w+' \| /);
  expect(query).toContain(`| ${filter} |`);
});

it.each([
  ['Attempts and interruptions per pool', 'SettleAttempt', 'Settle attempt'],
  ['Waiting, by reason', 'ExplainWaiting', 'Explain waiting'],
])('asks under `%s` the one function that knows', (title, name, state) => {
  expect(queryOf(title)).toMatch(new RegExp(`^SOURCE 'Functions${name}Log\\w+' \\| filter state = '${state}'`));
});

it.each(['close-job', 'clean-up-job'])('asks for the counts, which %s logs', (name) => {
  const entry = readFileSync(join(functionsDir, `${name}.lambda.ts`), 'utf8');
  expect(entry).toMatch(/summarize: .*toCounts/);
});
