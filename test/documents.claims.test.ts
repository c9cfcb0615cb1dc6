import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inputFlags } from '../cli/grammar/job-flags.ts';
import { jobInputSchema } from '../functions/core/input/job-input.ts';
import { recipeSchema } from '../functions/core/input/recipe.ts';
import { explainFull } from '../functions/core/market/quota-advice.ts';
import { nextStep } from '../functions/core/shard/next-step.ts';
import { hashToken, reportKey, toGalleryLink } from '../functions/core/tell/gallery.ts';
import { aTried, aVerdict } from './fakes/builders.ts';
import { synthesize } from './infra/synth.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const readme = read('README.md');
const runbook = read('docs/runbook.md');
const howItWorks = read('docs/how-it-works.md');

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}
const resources = Object.values<Resource>(synthesize().Resources);
const ofType = (type: string) => resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
const names = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name);

describe('the README', () => {
  const [, table = ''] = /\n## The input of a job\n([\s\S]+?)\n\nThe `manifest/.exec(readme) ?? [];
  const fields = [...table.matchAll(/^\| (`[^|]+?) \|/gm)].flatMap(([, cell = '']) => names(cell, /`(\w+)`/g));

  it('has a row for each field of the input but that of the workflow itself', () => {
    const known = Object.keys(jobInputSchema.shape).filter((name) => name !== 'partOf');
    expect(fields.toSorted()).toEqual(known.toSorted());
  });

  it('names the fields that are no flags of the command line', () => {
    const [, said = ''] = /each field is a flag in kebab-case[^\n]+ but for ([^\n]+)/.exec(table) ?? [];
    const others = fields.filter((name) => !inputFlags.some((flag) => flag === name));
    expect(others).toEqual(['prompt', 'prompts', 'mode', 'schedule']);
    expect(others.filter((name) => !said.includes(`\`${name}\``))).toEqual([]);
  });

  it('says for how long a shard waits for a full quota', () => {
    const reason = explainFull(0, [{ code: 'L-1', name: 'Spot', have: 4, used: 4, need: 4 }]);
    const verdict = aVerdict({ outcome: 'NoSpotCapacity', reason });
    let tried = aTried();
    let seconds = 0;
    for (;;) {
      const step = nextStep(verdict, tried, { pool: undefined, jitter: 0.5, events: 'plenty' });
      if (step.action !== 'wait') break;
      tried = step.tried;
      seconds += step.waitSeconds;
    }
    expect(Math.round(seconds / 3600)).toBe(3);
    for (const text of [readme, howItWorks]) expect(text).toContain('about three hours for a shard in all');
  });
});

describe('docs/how-it-works.md', () => {
  it('says for how long the bucket keeps what it deletes', () => {
    const rules = ofType('AWS::S3::Bucket').flatMap(({ LifecycleConfiguration }) =>
      names(JSON.stringify(LifecycleConfiguration), /"ExpirationInDays":(\d+)/g),
    );
    expect(rules.map(Number).sort((a, b) => b - a)).toEqual([180, 90, 30]);
    expect(howItWorks).toContain(
      '`thumbnails/` go after 180 days (from then on a report loads the pictures themselves), shards after 30, `compile-cache/` after 90.',
    );
  });
});

describe('docs/runbook.md', () => {
  it('names every kind of item in the ledger', () => {
    const adapters = readdirSync(join(root, 'functions/adapters')).filter((file) => file.startsWith('dynamodb-'));
    const text = adapters.map((file) => read(`functions/adapters/${file}`)).join('\n');
    const [row = ''] = /^\| ledger \|.+$/m.exec(runbook) ?? [];
    const kinds = names(text, /`(\w+)#\$\{/g);
    const partitions = names(text, /\bpk(?: =|:) '(\w+)'/g);
    expect(new Set(kinds).size).toBeGreaterThan(8);
    expect(kinds.filter((kind) => !row.includes(`\`${kind}#<`))).toEqual([]);
    expect(partitions.filter((partition) => !row.includes(`\`${partition}\`: `))).toEqual([]);
  });

  it('revokes a link of the gallery door by the item that the ledger has of it', () => {
    const [, commands = ''] = /LINK=…[^\n]*\n([\s\S]+?"\n)/.exec(runbook) ?? [];
    const token = 'Aa0-_'.repeat(9).slice(0, 43);
    const LINK = toGalleryLink('https://abc.lambda-url.us-east-1.on.aws/', token, reportKey('night 1'));
    const script = `aws() { printf '%s\\n' "$@"; }\n${commands}`;
    const said = execFileSync('bash', ['-c', script], { env: { ...process.env, LINK, TABLE: 'ledger' } }).toString();
    expect(said).toContain('delete-item\n--table-name\nledger\n--return-values\nALL_OLD\n');
    expect(JSON.parse(said.split('--key\n')[1] ?? '')).toEqual({
      pk: { S: `gallery#${hashToken(token)}` },
      sk: { S: 'door' },
    });
  });

  it('says that a later deploy finds nothing of an older one, as bucket and ledger get new names', () => {
    const named = [...ofType('AWS::S3::Bucket'), ...ofType('AWS::DynamoDB::Table')];
    expect(named.map((properties) => properties.BucketName ?? properties.TableName)).toEqual([undefined, undefined]);
    for (const text of [readme, runbook]) expect(text).toContain('a new bucket and a new ledger and reads');
  });
});

describe('other documents', () => {
  it('name the metrics that are ours (decision 14)', () => {
    const ours = JSON.stringify(ofType('AWS::Logs::MetricFilter'));
    const metrics = names(ours, /"MetricName":"(\w+)"/g);
    expect(metrics.toSorted()).toEqual(['IdleInstances', 'RefusedMessages']);
    const decision = read('docs/decisions/0014-alarms-and-dashboard-that-cost-nothing.md');
    expect(decision).toContain('Two metrics are ours, `IdleInstances` and `RefusedMessages`');
  });

  it('name every part of a recipe (glossary)', () => {
    const [row = ''] = /^\| recipe \|.+$/m.exec(read('docs/glossary.md')) ?? [];
    const words: Readonly<Record<string, string>> = { width: 'size', height: 'size', start: 'start picture' };
    const parts = Object.keys(recipeSchema.shape).map(
      (name) => words[name] ?? name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    );
    expect(parts.filter((part) => !row.toLowerCase().includes(part))).toEqual([]);
  });
});
