import type { PageData } from '../page-data.ts';

/** The reverse of `pack`. */
async function unpack(packed: string): Promise<unknown> {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream).json();
}

/** What Close job wrote into the page: the same version, for both are one file. */
export async function readPageData(): Promise<PageData> {
  const block: { readonly packed: string } = JSON.parse(document.getElementById('job')?.textContent ?? '');
  return (await unpack(block.packed)) as PageData;
}
