/** Keys in order while many are added: sorted in drawers, each anew only where it is asked for and has changed. */
export interface SortedKeys {
  add(key: string): void;
  /** At most `most` of them below `prefix` that come after `after`. */
  after(prefix: string, after: string, most: number): readonly string[];
}

interface Drawer {
  readonly keys: string[];
  isSorted: boolean;
}

/** The folder and two letters: of 100,000 hashes some 400 share them. */
const drawerOf = (key: string) => key.slice(0, key.lastIndexOf('/') + 3);

export function makeSortedKeys(): SortedKeys {
  const drawers = new Map<string, Drawer>();
  let names: readonly string[] = [];

  function open(name: string): readonly string[] {
    const drawer = drawers.get(name);
    if (drawer && !drawer.isSorted) {
      drawer.keys.sort();
      drawer.isSorted = true;
    }
    return drawer?.keys ?? [];
  }

  return {
    add: (key) => {
      const name = drawerOf(key);
      const drawer = drawers.get(name) ?? { keys: [], isSorted: true };
      drawer.keys.push(key);
      drawer.isSorted = false;
      drawers.set(name, drawer);
    },
    after: (prefix, after, most) => {
      if (names.length < drawers.size) names = [...drawers.keys()].sort();
      const found: string[] = [];
      for (const name of names) {
        const isBeside = !name.startsWith(prefix) && !prefix.startsWith(name);
        // All of a drawer is before `after` where its name is, unless `after` lies in it.
        if (isBeside || (name < after && !after.startsWith(name))) continue;
        for (const key of open(name)) {
          if (key > after && key.startsWith(prefix)) found.push(key);
          if (found.length === most) return found;
        }
      }
      return found;
    },
  };
}
