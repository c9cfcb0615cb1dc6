/** How esbuild bundles a function: the same options for the stack and for the local mode, so that one bundle is tested. */
export const bundling = {
  minify: true,
  target: 'node24',
  mainFields: ['module', 'main'],
  /** Native code: a layer on AWS, the installed package locally. */
  external: ['sharp'],
  // esbuild emits ESM; a bundled CommonJS package still calls `require` for Node's own modules.
  banner: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
} as const;
