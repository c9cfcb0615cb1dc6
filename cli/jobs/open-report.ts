import { join } from 'node:path';
import openInBrowser from 'open';
import type { PlaceFlags } from '../grammar/flags.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import { openTarget } from '../target/open-target.ts';
import { statusOf } from '../target/target.ts';
import { answer } from '../words/answer.ts';
import { say } from '../words/say.ts';
import { deliver } from './deliver.ts';

export interface OpenFlags extends PlaceFlags {
  readonly out?: string;
  /** False: no browser. */
  readonly browser: boolean;
}

/** `open JOB`: brings pictures and report to this machine and shows the report. */
export async function openReport({ json, out, browser, ...place }: OpenFlags, jobId: string): Promise<number> {
  const target = await openTarget({ command: 'open', ...place }, jobId);
  try {
    const delivery = await deliver(target.bucket, jobId, { outDir: out ?? `out/${jobId}`, looks: 1 });
    if (!delivery) {
      const isRunning = (await statusOf(target, jobId)) === 'RUNNING';
      const why = isRunning ? `job ${jobId} still runs` : `found nothing of \`${jobId}\``;
      throw new PlainProblem(`Expected a job that ended, ${why}. \`npm start -- status${target.flags}\` lists them.`);
    }
    const report = join(delivery.outDir, 'report.html');
    say(`${delivery.images.length} pictures, report: ${report}`);
    answer(json, { jobId, report, images: delivery.images.length }, [report]);
    if (browser) await openInBrowser(report);
    return 0;
  } finally {
    await target.close();
  }
}
