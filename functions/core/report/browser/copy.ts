import { make } from './dom.ts';

/** The older way, for pages whose browser keeps the clipboard from them. */
function copyBySelection(text: string): boolean {
  const area = make('textarea', { class: 'spoken', 'aria-hidden': 'true' });
  area.value = text;
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  return copied;
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/**
 * A button that copies, says so, and is itself again.
 * @param name where the label is too short to say what is copied
 */
export function makeCopyButton(label: string, toText: () => string, name = label): HTMLButtonElement {
  const said = make('span', { 'aria-live': 'polite' }, label);
  const button = make('button', { type: 'button', class: 'copy', title: name }, said);
  button.addEventListener('click', async () => {
    said.textContent = (await copyText(toText())) ? 'Copied' : 'Not copied';
    setTimeout(() => {
      said.textContent = label;
    }, 1500);
  });
  return button;
}
