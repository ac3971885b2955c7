/**
 * A cache of bounded size. It keeps two generations: when the newer one is full, it becomes the older one, and what was
 * not used since is forgotten.
 *
 * Each of its changes is one assignment or one operation of a `Map`, so it stays usable if the work around it is
 * terminated at any instant (`src/limits`).
 */
export class BoundedCache<T> {
  #newer = new Map<string, T>();
  #older = new Map<string, T>();
  /** Characters of the keys of the newer generation. */
  #chars = 0;
  readonly #maxEntries: number;
  readonly #maxChars: number;
  readonly #maxKeyChars: number;

  /**
   * @param maxChars of all keys together: the values grow with their keys
   * @param maxKeyChars of one key; values with longer keys are not kept
   */
  constructor({
    maxEntries,
    maxChars,
    maxKeyChars,
  }: { maxEntries: number; maxChars: number; maxKeyChars: number }) {
    this.#maxEntries = maxEntries / 2;
    this.#maxChars = maxChars / 2;
    this.#maxKeyChars = maxKeyChars;
  }

  get size(): number {
    return this.#newer.size + this.#older.size;
  }

  get(key: string): T | undefined {
    const value = this.#newer.get(key);
    if (value !== undefined) return value;
    const kept = this.#older.get(key);
    if (kept !== undefined) this.set(key, kept);
    return kept;
  }

  set(key: string, value: T): void {
    if (key.length > this.#maxKeyChars) return;
    const isFull = this.#newer.size >= this.#maxEntries || this.#chars + key.length > this.#maxChars;
    if (isFull) {
      this.#older = this.#newer;
      this.#newer = new Map();
      this.#chars = 0;
    }
    this.#chars += key.length;
    this.#newer.set(key, value);
  }

  /** The value of a key, created if it is missing. */
  getOrCreate(key: string, create: (key: string) => T): T {
    const kept = this.get(key);
    if (kept !== undefined) return kept;
    const created = create(key);
    this.set(key, created);
    return created;
  }
}
