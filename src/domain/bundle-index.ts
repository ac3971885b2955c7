import type { ActionDef, Bundle, DateEntry, Entry, JourneyDef } from './definition.ts';

/** Lookups into a bundle, so that the cost of a decision does not grow with the number of journeys. */
export interface BundleIndex {
  journeys: ReadonlyMap<string, JourneyDef>;
  actions: ReadonlyMap<string, ActionDef>;
  /** Journeys that an event of this name may open, in the bundle's order. */
  journeysOpenedBy: ReadonlyMap<string, JourneyDef[]>;
  /** Entries by date, named `{journey}#{entry}` as in the state. */
  dateEntries: { name: string; journey: JourneyDef; entry: DateEntry }[];
  /** Entries that watch a segment, by the segment's id. */
  segmentWatchers: ReadonlyMap<string, Watcher[]>;
}

export interface Watcher {
  journey: JourneyDef;
  entry: Extract<Entry, { kind: 'segment' }>;
}

/** Bundles are immutable, so each one is indexed once. */
const indexes = new WeakMap<Bundle, BundleIndex>();

export function indexBundle(bundle: Bundle): BundleIndex {
  let index = indexes.get(bundle);
  if (!index) {
    index = build(bundle);
    indexes.set(bundle, index);
  }
  return index;
}

function build({ journeys, actions }: Bundle): BundleIndex {
  const openedBy = new Map<string, JourneyDef[]>();
  const watchers = new Map<string, Watcher[]>();
  const dates: BundleIndex['dateEntries'] = [];
  for (const journey of journeys) {
    for (const [at, entry] of journey.enter.entries()) {
      if (entry.kind === 'event') append(openedBy, entry.trigger.on, journey);
      if (entry.kind === 'segment') append(watchers, entry.segment, { journey, entry });
      if (entry.kind === 'date') dates.push({ name: `${journey.id}#${at}`, journey, entry });
    }
  }
  return {
    journeys: new Map(journeys.map((journey) => [journey.id, journey])),
    actions: new Map(actions.map((action) => [action.id, action])),
    journeysOpenedBy: openedBy,
    dateEntries: dates,
    segmentWatchers: watchers,
  };
}

function append<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name) ?? [];
  if (!list.includes(item)) lists.set(name, [...list, item]);
}
