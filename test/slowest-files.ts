import type { Reporter, TestModule } from 'vitest/node';

const most = 10;
const fewest = 20;

/** Names the slowest files of a run, with their seconds: where the time of `npm test` goes. */
export default class SlowestFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    // Of a few files one knows.
    if (modules.length < fewest) return;
    const slowest = modules
      .map((module) => ({ file: module.relativeModuleId, seconds: module.diagnostic().duration / 1000 }))
      .toSorted((a, b) => b.seconds - a.seconds)
      .slice(0, most);
    console.log(
      `Slowest of ${modules.length} files: ${slowest.map((row) => `${row.file} ${row.seconds.toFixed(0)} s`).join(', ')}`,
    );
  }
}
