/** The script of the report page. Everything is in the page's own block of data: it asks for nothing but pictures. */
import { make } from './dom.ts';
import { toCount } from './format.ts';
import { makeGalleryView } from './gallery-view.ts';
import { makeMissingView } from './missing-view.ts';
import { makePoolsView } from './pools-view.ts';
import { makeReceiptView } from './receipt-view.ts';
import { makeTabs, type Tab } from './tabs.ts';
import { makeTimelineView } from './timeline-view.ts';
import { readPageData } from './unpack.ts';

const main = document.getElementById('main');

async function start(): Promise<readonly HTMLElement[]> {
  const data = await readPageData();
  const { pictures } = data;
  const missing = pictures?.list.filter(({ status }) => status).length ?? 0;
  const tabs: readonly (Tab | undefined)[] = [
    pictures && {
      id: 'images',
      title: 'Images',
      count: toCount(pictures.list.length),
      panel: makeGalleryView(pictures, data.layout),
    },
    { id: 'timeline', title: 'Timeline', panel: makeTimelineView(data) },
    { id: 'pools', title: 'Pools', panel: makePoolsView(data) },
    { id: 'receipt', title: 'Receipt', panel: makeReceiptView(data) },
    missing && pictures
      ? {
          id: 'missing',
          title: 'Missing',
          count: toCount(missing),
          panel: makeMissingView(pictures, data.requeue),
        }
      : undefined,
  ];
  return makeTabs(tabs.flatMap((tab) => tab ?? []));
}

start().then(
  (parts) => {
    main?.replaceChildren(...parts);
    document.documentElement.dataset.ready = 'true';
  },
  (error: unknown) => {
    main?.replaceChildren(
      make(
        'p',
        { class: 'failure', role: 'alert' },
        `This page could not be shown (${String(error)}). It takes a browser of 2023 or later. All of it is beside this page: manifest.jsonl, receipt.json.`,
      ),
    );
  },
);
