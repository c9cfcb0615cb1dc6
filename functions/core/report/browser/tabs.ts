import { make } from './dom.ts';

export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly count?: string;
  readonly panel: HTMLElement;
}

/** One part of the page at a time, named by the address: `report.html#timeline`. */
export function makeTabs(tabs: readonly Tab[]): readonly HTMLElement[] {
  const buttons = tabs.map(({ id, title, count }) =>
    make(
      'button',
      { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': id },
      title,
      count && make('small', {}, ` ${count}`),
    ),
  );
  const panels = tabs.map(({ id, panel }) =>
    make('section', { role: 'tabpanel', id, 'aria-labelledby': `tab-${id}`, tabindex: 0 }, panel),
  );

  function select(chosen: number): void {
    buttons.forEach((button, index) => {
      button.setAttribute('aria-selected', String(index === chosen));
      button.tabIndex = index === chosen ? 0 : -1;
    });
    panels.forEach((panel, index) => {
      panel.hidden = index !== chosen;
    });
  }

  function choose(index: number): void {
    const chosen = (index + tabs.length) % tabs.length;
    select(chosen);
    buttons[chosen]?.focus();
    // Not `location.hash`, which would scroll.
    history.replaceState(undefined, '', `#${tabs[chosen]?.id ?? ''}`);
  }

  const byAddress = () =>
    Math.max(
      0,
      tabs.findIndex(({ id }) => `#${id}` === location.hash),
    );
  const list = make('div', { role: 'tablist', 'aria-label': 'Parts of the report' }, ...buttons);
  buttons.forEach((button, index) => {
    button.addEventListener('click', () => choose(index));
    button.addEventListener('keydown', ({ key }) => {
      if (key === 'ArrowRight') choose(index + 1);
      if (key === 'ArrowLeft') choose(index - 1);
    });
  });
  window.addEventListener('hashchange', () => select(byAddress()));
  select(byAddress());
  return [list, ...panels];
}
