import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(`container/${path}`, 'utf8');

/** `[instruction, rest]` of each, with continued lines joined. */
function parseDockerfile(text: string): readonly (readonly [string, string])[] {
  const lines = text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim());
  return lines.map((line) => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)]);
}

const steps = parseDockerfile(read('Dockerfile'));
const all = (instruction: string) => steps.filter(([name]) => name === instruction).map(([, rest]) => rest);
const first = (wanted: RegExp) => steps.findIndex(([name, rest]) => wanted.test(`${name} ${rest}`));

describe("the worker's image", () => {
  it('stands on a plain Python that is pinned by its digest', () => {
    expect(all('ARG')).toEqual([
      expect.stringMatching(/^BASE=public\.ecr\.aws\/docker\/library\/python:3\.11-slim-bookworm@sha256:[0-9a-f]{64}$/),
    ]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an argument of the Dockerfile
    expect(all('FROM')).toEqual(['${BASE}']);
  });

  it('runs as a user who is not root, by number, so that it can be checked without a password file', () => {
    expect(all('USER')).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
    expect(first(/^USER/)).toBeGreaterThan(first(/^RUN install/));
  });

  it('starts the worker itself, with no shell between it and SIGTERM', () => {
    expect(all('ENTRYPOINT').map((json) => JSON.parse(json))).toEqual([['python', '-m', 'worker']]);
    expect(all('CMD')).toEqual([]);
  });

  it('takes the code, the schemas and the requirements from the repository: no weights, no tests', () => {
    const sources = all('COPY').map((rest) => rest.split(' ')[0]);
    expect(sources).toEqual(['container/requirements.txt', 'statemachine/schema', 'container/worker']);
    expect(all('ADD')).toEqual([]);
    const patterns = read('Dockerfile.dockerignore')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    expect(patterns).toEqual(['*', ...sources.map((source) => `!${source}`).sort(), '**/__pycache__']);
  });

  it('installs packages in one layer before the code, each by its hash', () => {
    const installs = all('RUN').filter((command) => command.includes('pip install'));
    expect(installs).toEqual([expect.stringContaining('--require-hashes -r /tmp/requirements.txt')]);
    expect(first(/pip install/)).toBeLessThan(first(/COPY container\/worker/));
  });

  it.each(['requirements.txt', 'importer/requirements.txt'])(
    '%s has a hash for each package and no address',
    (path) => {
      const packages = read(path)
        .split(/\n(?=\S)/)
        .filter((entry) => /^[a-z]/i.test(entry));
      expect(packages.length).toBeGreaterThan(10);
      for (const entry of packages) expect(entry).toMatch(/^\S+==\S+ [^\n]*\\\n {4}--hash=sha256:[0-9a-f]{64}/);
      expect(read(path)).not.toMatch(/:\/\/|--(extra-)?index-url|--find-links/);
    },
  );

  it('keeps compilers for C and C++ and proves them while it is built: Triton and Inductor compile at run time', () => {
    const commands = all('RUN').join('\n');
    expect(commands).toMatch(/install .*--no-install-recommends g\+\+ gcc libc6-dev/);
    for (const proof of ['#include <Python.h>', 'gcc -c', 'g++ -fopenmp', '/sbin/ldconfig -p']) {
      expect(commands).toContain(proof);
    }
    expect(commands).not.toMatch(/apt-get (purge|remove|autoremove)/);
  });

  it('asks no hub for anything, shows the container the GPU and lets its memory grow in segments', () => {
    const settings = all('ENV').join(' ');
    for (const setting of [
      'HF_HUB_OFFLINE=1',
      'NVIDIA_VISIBLE_DEVICES=all',
      'NVIDIA_DRIVER_CAPABILITIES=compute,utility',
      'PYTORCH_ALLOC_CONF=expandable_segments:True',
      'PYTHONUNBUFFERED=1',
    ]) {
      expect(` ${settings} `).toContain(` ${setting} `);
    }
  });

  it('writes nowhere but in /scratch', () => {
    expect(all('VOLUME')).toEqual(['/scratch']);
    const folders = [
      ...all('ENV')
        .join(' ')
        .matchAll(/\b(HOME|TMPDIR|\w+_CACHE_DIR)=(\S+)/g),
    ].map(([, name, folder]) => [name, folder]);
    expect(folders.map(([name]) => name).sort()).toEqual([
      'HOME',
      'TMPDIR',
      'TORCHINDUCTOR_CACHE_DIR',
      'TRITON_CACHE_DIR',
      'WORKER_CACHE_DIR',
    ]);
    for (const [, folder] of folders) expect(folder).toMatch(/^\/scratch(\/|$)/);
  });
});
