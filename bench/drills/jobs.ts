/** A job of the storm, and the end that it must have whatever happens. */
export interface Order {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** That it is to have, rendered or not. */
  readonly images: number;
  /** `stopped`: by StopExecution, so many milliseconds after its start, unless it was faster. */
  readonly expected: 'delivered' | 'stopped' | 'BudgetExceeded' | 'InvalidPrompt';
  readonly stopAfterMs?: number;
  /** All of its images were rendered by a job before it. */
  readonly isRepeat?: boolean;
}

const atOnce = 6;
const shapes = ['circle', 'square', 'triangle', 'star', 'cross', 'ring'];
const colours = ['red', 'blue', 'green', 'yellow', 'black', 'white', 'purple', 'orange'];

/** Prompts of different jobs differ, or the second would find the images of the first: `again` is for that. */
function toPrompt(wave: number, index: number): string {
  return `a ${colours[wave % colours.length]} ${shapes[index % shapes.length]}, number ${wave * atOnce + index}`;
}

function ofKind(wave: number, kind: number, each: number): Order {
  const name = `storm-${wave}-extra`;
  switch (kind) {
    case 0:
      return {
        name,
        input: { prompt: `a stopped ${shapes[wave % shapes.length]} ${wave}`, count: each },
        images: each,
        expected: 'stopped',
        stopAfterMs: 2000 + ((wave * 3571) % 9000),
      };
    case 1:
      return {
        name,
        input: { prompt: toPrompt(wave - 1, 0), count: each, seed: 1 },
        images: each,
        expected: 'delivered',
        isRepeat: true,
      };
    case 2:
      return { name, input: { prompt: `a dear star ${wave}`, maxUsd: 0.0001 }, images: 1, expected: 'BudgetExceeded' };
    default:
      return { name, input: { prompt: '' }, images: 0, expected: 'InvalidPrompt' };
  }
}

/** Six ordinary jobs at once, and one that is none: stopped, rendered before, too dear, or wrong. */
export function makeWave(wave: number, each: number): readonly Order[] {
  const ordinary = Array.from({ length: atOnce }, (_, index): Order => {
    const input = { prompt: toPrompt(wave, index), count: each, seed: 1 };
    return { name: `storm-${wave}-${index}`, input, images: each, expected: 'delivered' };
  });
  return [...ordinary, ofKind(wave, wave % 4, each)];
}
