import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { toRequeue } from '../../functions/core/receipt/manifest.ts';
import { renderReport } from '../../functions/core/report/report-page.ts';
import { toJsonLines } from '../../functions/core/storage/json-lines.ts';
import { toNotification } from '../../functions/core/tell/notification.ts';
import { makeFindMissingImages } from '../../functions/find-missing-images.ts';
import { logged } from '../../functions/logged.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { aManifestLine, aReceipt, aSettlement, aShard } from '../fakes/builders.ts';
import { parsePromptsFile } from '../fakes/chunks.ts';
import { hostileTexts } from './hostile.ts';

const root = join(import.meta.dirname, '..', '..');
const prompts = hostileTexts.filter((text) => text.trim() && text.isWellFormed() && text.length <= 2000);

describe('a table that a person may open', () => {
  it.each(["=cmd|' /C calc'!A0", '+1+1', '-2+3', '@SUM(A1)', '\t=1+1', '\r=1+1', '"=1+1"', 'a,b;c'])(
    'holds %j as a text in a line of JSON: the requeue file is no spreadsheet',
    (prompt) => {
      const requeue = toJsonLines(toRequeue([aManifestLine({ prompt, status: 'failed' })]));
      expect(requeue.startsWith('{"')).toBe(true);
      expect(requeue.trimEnd()).not.toMatch(/[\n\r\t]/);
      expect(JSON.parse(requeue).prompt).toBe(prompt);
    },
  );

  it('comes back as it was, whatever the prompt is', async () => {
    for (const prompt of prompts.filter((text) => text.trim() === text && !/\p{Cc}/u.test(text))) {
      const requeue = toJsonLines(toRequeue([aManifestLine({ prompt, status: 'failed' })]));
      const { items, problems } = await parsePromptsFile('requeue.jsonl', requeue);
      expect(problems).toEqual([]);
      expect(items[0]?.prompt).toBe(prompt.normalize('NFC'));
    }
  });

  it('is read without a formula being one, and without a column becoming a prototype', async () => {
    const read = (text: string) => parsePromptsFile('a.csv', text);
    expect((await read('prompt\n"=cmd|\' /C calc\'!A0"\n')).items).toEqual([{ prompt: "=cmd|' /C calc'!A0" }]);
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const { items, problems } = await read(`prompt,${name}\na,polluted\n`);
      expect(items).toEqual([]);
      expect(problems.map(({ message }) => message)).toEqual([
        expect.stringContaining(`Expected no field \`promptsFile line 2.${name}\``),
      ]);
    }
    expect((await read('prompt,seed\na,=1+1\n')).problems[0]?.message).toContain('seed');
  });

  it('is written nowhere: no file of ours ends with .csv or .tsv', () => {
    const sources = ['functions', 'cli', 'local'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
        .map((entry) => join(entry.parentPath, entry.name)),
    );
    const writers = sources.filter((file) =>
      /csv-stringify|text\/csv|write\w*\([^)]*\.(csv|tsv)/.test(readFileSync(file, 'utf8')),
    );
    expect(writers.map((file) => relative(root, file))).toEqual([]);
  });
});

describe('a command', () => {
  it('never goes through a shell', () => {
    const sources = ['functions', 'cli', 'local', 'statemachine'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.(ts|mjs|cjs)$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name)),
    );
    const starters = sources.filter((file) => readFileSync(file, 'utf8').includes('node:child_process'));
    expect(starters.length).toBeGreaterThan(2);
    for (const file of starters) {
      const text = readFileSync(file, 'utf8');
      expect(text, file).not.toMatch(/shell:|\bexec\(|\bexecSync\(|\{[^}]*\bexec\b[^}]*\} from 'node:child_process'/);
    }
    expect(starters.filter((file) => relative(root, file).startsWith('functions'))).toEqual([]);
  });
});

describe('a page, a message, a line of a log', () => {
  it.each(hostileTexts)('shows hostile text %# as text on the report', (text) => {
    const page = renderReport(
      aReceipt({
        jobId: text,
        failure: { error: text, cause: text },
        attempts: [aSettlement({ pool: text, reason: text, note: text, endedAt: text })],
      }),
      [aManifestLine({ prompt: text }), aManifestLine({ prompt: text, status: 'failed', error: text })],
      { layout: 'bucket' },
    );
    expect(page.match(/<script/gi)).toHaveLength(2); // its data and its own
    const frame = page.replaceAll(/<(script|style)[^>]*>.*?<\/\1>/gs, '');
    expect(frame).not.toMatch(/<(script|img|svg|\/textarea)/i);
    const tags = [...frame.matchAll(/<\/?([a-z0-9]+)/gi)].map((match) => match[1]?.toLowerCase());
    const known = 'html head meta link title body header main noscript h1 p strong span code ul li';
    expect(tags.filter((tag) => !known.split(' ').includes(tag ?? ''))).toEqual([]);
  });

  it.each(hostileTexts)('makes one ASCII line of a subject of hostile text %#', (text) => {
    const { subject, message } = toNotification(aReceipt({ jobId: text, failure: { error: text, cause: text } }), 'b');
    expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(message.length).toBeLessThanOrEqual(8000);
  });

  it('logs hostile text as one line of JSON', async () => {
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const bucket = makeFakeBucket({ 'jobs/a/shards/00000.json': JSON.stringify(aShard()) });
    for (const text of hostileTexts) {
      const handler = logged('find-missing-images', makeFindMissingImages({ bucket }), {
        summarize: () => ({ said: text }),
      });
      await handler({ key: 'jobs/a/shards/00000.json', jobId: text, shard: 0 });
    }
    const lines = written.mock.calls.map(([line]) => String(line));
    written.mockRestore();
    expect(lines).toHaveLength(hostileTexts.length);
    for (const [index, line] of lines.entries()) {
      expect(line.trimEnd()).not.toMatch(/\p{Cc}|[\u2028\u2029]/u);
      expect(JSON.parse(line)).toMatchObject(hostileTexts[index] ? { said: hostileTexts[index] } : { shard: 0 });
    }
  });
});
