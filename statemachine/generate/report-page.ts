import { join } from 'node:path';
import { build } from 'esbuild';

/** The same for every browser that can unpack the page's data (2023). */
const target = ['chrome110', 'firefox115', 'safari16.4'];

async function bundle(root: string, file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'functions/core/report/browser', file)],
    absWorkingDir: root,
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    charset: 'utf8',
    target,
  });
  return (outputFiles[0]?.text ?? '').trim();
}

/** The script and the style of the report page, for `renderReport`: text, so that functions and CLI need no bundler for it. */
export async function bundleReportPage(root: string) {
  const [script, style] = await Promise.all([bundle(root, 'main.ts'), bundle(root, 'style.css')]);
  if (/<\/(script|style)|<!--/i.test(script + style)) {
    throw new Error('Expected the script and the style of the report page to hold nothing that ends their element');
  }
  return { script, style };
}
