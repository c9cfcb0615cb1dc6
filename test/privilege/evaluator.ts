import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Need } from './need.ts';
import type { Statement } from './policies.ts';

export interface Evaluator {
  /** Per need: do the statements permit it? */
  permits(statements: readonly Statement[], needs: readonly Need[]): Promise<readonly boolean[]>;
  close(): Promise<void>;
}

/** moto's own IAM evaluator in a child process: what is permitted is not for us to say. */
export function openEvaluator(): Evaluator {
  const python = join(import.meta.dirname, '../../.venv/bin/python');
  const child = spawn(python, [join(import.meta.dirname, 'evaluator.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: PromiseWithResolvers<readonly boolean[]>[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(JSON.parse(line)));
  const exited = once(child, 'exit').then(() => {
    for (const one of waiting) one.reject(new Error('Expected the evaluator to answer, it ended'));
  });
  return {
    permits: (statements, needs) => {
      const answer = Promise.withResolvers<readonly boolean[]>();
      waiting.push(answer);
      child.stdin.write(`${JSON.stringify({ statements, needs })}\n`);
      return answer.promise;
    },
    close: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
