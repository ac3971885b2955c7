/** A choice of the user that is kept in this browser. */
export interface Stored<T extends string> {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}

/** Keeps a choice under a name. A browser without storage keeps it until the page is closed. */
export function createStored<T extends string>(
  name: string,
  options: { read(text: string | null): T | undefined; fallback(): T; apply(value: T): void },
): Stored<T> {
  const listeners = new Set<() => void>();
  let value = options.read(readItem(name)) ?? options.fallback();
  const change = (next: T) => {
    value = next;
    options.apply(next);
    for (const listener of listeners) listener();
  };
  options.apply(value);
  // Another tab has changed it.
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === name) change(options.read(newValue) ?? options.fallback());
  });
  return {
    get: () => value,
    set(next) {
      writeItem(name, next);
      change(next);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function readItem(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    // Storage is switched off.
    return null;
  }
}

function writeItem(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage is switched off: the choice holds until the page is closed.
  }
}
