interface Waiting<T> {
  owner: string;
  item: T;
}

/** Items that wait, of several owners. The owner who was served last comes last, so that none can starve another. */
export class FairQueue<T> {
  /** By owner; the first is served first. */
  readonly #lanes = new Map<string, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  sizeOf(owner: string): number {
    return this.#lanes.get(owner)?.length ?? 0;
  }

  push(owner: string, item: T): void {
    const lane = this.#lanes.get(owner);
    if (lane) lane.push(item);
    else this.#lanes.set(owner, [item]);
    this.#size++;
  }

  /** Takes the next item of an owner who may be served now. */
  take(mayServe: (owner: string) => boolean): Waiting<T> | undefined {
    for (const [owner, lane] of this.#lanes) {
      if (!mayServe(owner)) continue;
      const item = lane.shift() as T;
      this.#lanes.delete(owner);
      if (lane.length > 0) this.#lanes.set(owner, lane);
      this.#size--;
      return { owner, item };
    }
    return undefined;
  }

  /** Takes everything. */
  drain(): T[] {
    const items = [...this.#lanes.values()].flat();
    this.#lanes.clear();
    this.#size = 0;
    return items;
  }
}
