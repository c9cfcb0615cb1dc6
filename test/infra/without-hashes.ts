/** Assets are named by the hash of their content, the worker's image by 16 digits of it; other tests hold both. */
export const withoutHashes = (value: unknown) =>
  JSON.parse(JSON.stringify(value).replaceAll(/\b([0-9a-f]{64}|[0-9a-f]{16})\b/g, '<hash>'));
