import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hashToken,
  isForPeople,
  isOpen,
  isReport,
  readKnock,
  reportKey,
  toGalleryLink,
} from '../../../../functions/core/tell/gallery.ts';

const token = 'A1_-'.padEnd(43, 'x');
const hash = '0123456789abcdef'.repeat(4);

describe('a knock', () => {
  it('names a token and a key', () => {
    expect(readKnock(`/${token}/jobs/a/report.html`)).toEqual({ token, key: 'jobs/a/report.html' });
    expect(readKnock(`/${token}/jobs/gr%C3%B6%C3%9Fe/report.html`)?.key).toBe('jobs/größe/report.html');
  });

  it.each([
    '',
    '/',
    `/${token}`,
    `/${token}/`,
    `${token}/jobs/a/report.html`,
    `/more/${token}/jobs/a/report.html`,
    `/${token.slice(1)}/jobs/a/report.html`,
    `/${token}x/jobs/a/report.html`,
    `/${token.replace('x', '.')}/jobs/a/report.html`,
    `/${token}/jobs/a\nb`,
    `/${token}/jobs/%`,
  ])('is none: %j', (path) => {
    expect(readKnock(path)).toBeUndefined();
  });

  it('at a link of ours finds what the link is for, whatever the name of the job', () => {
    const name = fc.string({ minLength: 1, unit: 'grapheme' });
    fc.assert(
      fc.property(name, (jobId) => {
        const link = toGalleryLink('https://door/', token, reportKey(jobId));
        expect(link).toMatch(/^https:\/\/door\/[\x21-\x7e]+$/);
        expect(readKnock(link.slice('https://door'.length))).toEqual({ token, key: reportKey(jobId) });
      }),
    );
  });
});

describe('a door', () => {
  it('is closed from the second at which it expires', () => {
    const door = { jobId: 'a', expires: 1000 };
    expect([999_999, 1_000_000, 1_000_001].map((now) => isOpen(door, now))).toEqual([true, false, false]);
  });

  it('is known by the SHA-256 of its token', () => {
    expect(hashToken(token)).toBe(createHash('sha256').update(token).digest('hex'));
  });
});

describe('what people may see', () => {
  it.each([
    ...['report.html', 'contact-sheet.webp', 'manifest.jsonl', 'receipt.json', 'requeue.jsonl'].map(
      (name) => `jobs/a/${name}`,
    ),
    `images/${hash}.png`,
    `thumbnails/256/${hash}.webp`,
    `thumbnails/512/${hash}.webp`,
  ])('is %s', (key) => {
    expect(isForPeople(key, 'a')).toBe(true);
  });

  it.each(['report.html', 'manifest.jsonl'])('is %s of a part of the job, and of no other', (name) => {
    expect(isForPeople(`jobs/a-p001/${name}`, 'a')).toBe(true);
    expect(isForPeople(`jobs/a-p001/${name}`, 'b')).toBe(false);
    expect(isForPeople(`jobs/a/${name}`, 'a-p001')).toBe(false);
  });

  it.each([
    'jobs/b/report.html',
    'jobs/a-p001/recipes.jsonl',
    'jobs/a-r1/report.html',
    'jobs/a/recipes.jsonl',
    'jobs/a/shards/00000.json',
    'jobs/a/report.html/more',
    `images/${hash.slice(1)}.png`,
    `images/${hash}.png.old`,
    `images/${hash}xpng`,
    `old/images/${hash}.png`,
    `images/${hash.toUpperCase()}.png`,
    `thumbnails/128/${hash}.webp`,
    `thumbnails/${hash}.webp`,
    `thumbnails/256/${hash}xwebp`,
  ])('is not %s', (key) => {
    expect(isForPeople(key, 'a')).toBe(false);
  });
});

describe('a key that only looks like one of ours', () => {
  it.each(['x/jobs/job-1/report.html', 'jobs/report.html', 'jobs//report.html'])('%s is no file for people', (key) => {
    expect(isForPeople(key, 'job-1')).toBe(false);
    expect(isReport(key, 'job-1')).toBe(false);
  });
});
