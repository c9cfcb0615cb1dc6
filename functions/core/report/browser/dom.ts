type Child = Node | string | undefined;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

function fill<T extends Element>(element: T, attributes: Attributes, children: readonly Child[]): T {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  // Text is text: nothing here is ever parsed as HTML.
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** An element. `false` and `undefined` leave an attribute out. */
export const make = <Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
) => fill(document.createElement(name), attributes, children);

export const makeSvg = <Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
) => fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);

/** What people wrote: its own direction, whatever language it is in. */
export const makeText = (text: string, className?: string) => make('span', { dir: 'auto', class: className }, text);

/** Read aloud, not seen. */
export const makeSpoken = (text: string) => make('span', { class: 'spoken' }, text);
