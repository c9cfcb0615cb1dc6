import type { Machine, State } from './machine.ts';

const toId = (name: string) => name.replaceAll(/[^A-Za-z]/g, '');

/** `{% $states.input.missing > 0 %}` to `missing > 0` */
function toLabel(condition: string): string {
  return condition
    .replaceAll(/\{%|%\}/g, '')
    .replaceAll(/\$states\.input\.|\$/g, '')
    .replaceAll(/["[\]]/g, '')
    .trim();
}

function edges(name: string, state: State): readonly string[] {
  const from = toId(name);
  const edge = (to: string, label?: string) => `${from} --> ${toId(to)}${label ? `: ${label}` : ''}`;
  const failed = (state.Catch ?? []).filter((catcher) => catcher.Next !== state.Next);
  return [
    ...(state.Choices ?? []).map((choice) => edge(choice.Next, toLabel(choice.Condition))),
    ...(state.Default ? [edge(state.Default, 'otherwise')] : []),
    ...(state.Next ? [edge(state.Next)] : []),
    ...failed.map((catcher) => edge(catcher.Next, 'failed')),
    ...(state.Next || state.Choices ? [] : [`${from} --> [*]`]),
  ];
}

function body(machine: Machine, indent: string): readonly string[] {
  const lines = [`${indent}[*] --> ${toId(machine.StartAt)}`];
  for (const [name, state] of Object.entries(machine.States)) {
    lines.push(`${indent}state "${name}" as ${toId(name)}`);
    if (state.ItemProcessor) {
      lines.push(`${indent}state ${toId(name)} {`, ...body(state.ItemProcessor, `${indent}  `), `${indent}}`);
    }
    lines.push(...edges(name, state).map((line) => indent + line));
  }
  return lines;
}

/** The machine as a Mermaid state diagram. */
export function toDiagram(machine: Machine): string {
  return ['stateDiagram-v2', ...body(machine, '  '), ''].join('\n');
}
