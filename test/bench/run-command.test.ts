import { describe, expect, it } from 'vitest';
import { runCommand, runToEnd } from '../../bench/run-command.ts';

const node = (script: string) => [process.execPath, ['--eval', script]] as const;

describe('a command of a bench', () => {
  it('says its figures in its last line, and how it ended', async () => {
    const ended = await runToEnd(...node('console.log("before"); console.log("{}"); process.exitCode = 3'));
    expect(ended).toMatchObject({ lastLine: '{}', exitCode: 3 });
    expect(ended.seconds).toBeGreaterThan(0);
  });

  it('ended badly where a signal ended it', async () => {
    expect((await runToEnd(...node('process.kill(process.pid, "SIGKILL")'))).exitCode).toBe(128);
  });

  it('runs in the environment that it is given', async () => {
    const { lastLine } = await runCommand(...node('console.log(process.env.ONLY)'), { ONLY: 'this' });
    expect(lastLine).toBe('this');
  });

  it('must end well where its figures are needed', async () => {
    await expect(runCommand(...node('process.exit(3)'))).rejects.toThrow('ended with 3');
  });
});
