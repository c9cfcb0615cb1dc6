import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { root } from '../run-command.ts';

const sdkImport = /import\s*\{([^}]*)\}\s*from\s*'(@aws-sdk\/[\w-]+)'/g;

/** What a source imports of the SDK, types left out. */
function namesOf(file: string): readonly (readonly [packageName: string, name: string])[] {
  const source = readFileSync(join(root, file), 'utf8');
  return [...source.matchAll(sdkImport)].flatMap(([, names = '', packageName = '']) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name && !name.startsWith('type '))
      .map((name) => [packageName, name] as const),
  );
}

const packageOf = (file: string) => /node_modules\/(@aws-sdk\/(?:client-[\w-]+|lib-dynamodb))\//.exec(file)?.[1];

/**
 * A module that holds the SDK clients and commands of a bundle and makes the clients, as the bundle does when it is
 * imported, and does nothing else.
 */
export function bareClients({ outputs }: Metafile): { readonly clients: readonly string[]; readonly source: string } {
  const kept = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  const clients = [...new Set(kept.flatMap((file) => packageOf(file) ?? []))].toSorted();
  const used = kept
    .filter((file) => file.startsWith('functions/'))
    .flatMap(namesOf)
    .filter(([packageName]) => clients.includes(packageName));
  const byPackage = Map.groupBy(used, ([packageName]) => packageName);
  const parts = [...byPackage].map(([packageName, pairs]) => {
    const names = [...new Set(pairs.map(([, name]) => name))];
    const made = names.filter((name) => /Client$/.test(name) && !name.endsWith('DocumentClient'));
    const made$ = made.map((name) => `new ${name}({})`).join(', ');
    return {
      imported: `import { ${names.join(', ')} } from '${packageName}';`,
      values: [...names, made$].filter(Boolean),
    };
  });
  const values = parts.flatMap((part) => part.values).join(', ');
  const source = `${parts.map(({ imported }) => imported).join('\n')}\nexport const used = [${values}];\n`;
  return { clients, source };
}
