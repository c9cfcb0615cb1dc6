import type { ErrorEntry } from '../../functions/core/errors.ts';
import { allStates, type Machine } from './machine.ts';

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
export function replaceBlock(text: string, name: string, block: string): string {
  const pattern = new RegExp(`(<!-- ${name}: [^>]*-->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!pattern.test(text)) throw new Error(`Expected the document to hold the block \`<!-- ${name}: … -->\``);
  return text.replace(pattern, (_, open: string, close: string) => `${open}${block}${close}`);
}

function kindOf(type: string, resource = ''): string {
  if (resource.includes(':lambda:')) return 'Lambda';
  return resource ? `\`${resource.replace('arn:aws:states:::', '')}\`` : type;
}

export function renderStateTable(machine: Machine): string {
  const rows = allStates(machine).map(({ name, state, depth }) => {
    const label = depth ? `.. ${name}` : name;
    return `| ${label} | ${kindOf(state.Type, state.Resource)} | ${state.Comment ?? ''} |`;
  });
  return ['| state | kind | does |', '|---|---|---|', ...rows, ''].join('\n');
}

export function renderErrorTable(entries: readonly ErrorEntry[]): string {
  const rows = entries.map((entry) => `| ${entry.name} | ${entry.means} | ${entry.remedy} | ${entry.exitCode ?? ''} |`);
  return ['| name | means | remedy | worker exit code |', '|---|---|---|---|', ...rows, ''].join('\n');
}
