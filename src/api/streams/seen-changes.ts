import { MOST_CHANGES, type RecentChanges, type TopicKey } from '../../../db/changes/recent-changes.ts';

interface Seen {
  keys: ReadonlySet<string>;
  list: string | null;
  /** All recent changes were read. */
  isWhole: boolean;
}

/** What has changed since the last look. */
export interface NewChanges {
  /** By `nameTopic`. */
  topics: ReadonlySet<string>;
  customers: ReadonlySet<string>;
  /** Workspaces with too many changes to know all customers whom they concern. */
  workspaces: ReadonlySet<string>;
}

export const nameTopic = ({ workspace, topic }: TopicKey): string => JSON.stringify([topic, workspace]);

/**
 * The recent changes that a process has seen. A change is new if it was not among those of the last look, whatever its
 * time: transactions may commit in another order than that of their times. While there are too many to read them all,
 * those that were missed may be older than those that were read. So the topic counts as changed once more when all are
 * read again.
 */
export class SeenChanges {
  private seen: ReadonlyMap<string, Seen> = new Map();

  /** Compares what a look has found of all topics that are watched with the look before. */
  compare(found: readonly RecentChanges[]): NewChanges {
    const next = new Map<string, Seen>();
    const topics = new Set<string>();
    const customers = new Set<string>();
    const workspaces = new Set<string>();
    for (const { workspace, topic, changes, list } of found) {
      const name = nameTopic({ workspace, topic });
      const isWhole = changes.length < MOST_CHANGES;
      next.set(name, { keys: new Set(changes.map(({ key }) => key)), list, isWhole });
      const before = this.seen.get(name);
      if (!before) continue;
      const fresh = changes.filter(({ key }) => !before.keys.has(key));
      const wasMissed = !before.isWhole && (isWhole || fresh.length > 0);
      if (fresh.length > 0 || wasMissed || list !== before.list) topics.add(name);
      if (wasMissed) workspaces.add(workspace);
      for (const { customerId } of fresh) if (customerId !== null) customers.add(customerId);
    }
    this.seen = next;
    return { topics, customers, workspaces };
  }
}
