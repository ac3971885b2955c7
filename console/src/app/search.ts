/** Reads the search parameters of a page. What a page can't use is left out, so a bad URL still shows the page. */
export type SearchReader<T> = (raw: Record<string, unknown>) => Partial<T>;

type Read<V> = (value: unknown) => V | undefined;

const LONGEST = 500;

/** A text that is not empty. */
export const text: Read<string> = (value) =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST ? value : undefined;

/** `true` or `false`. */
export const flag: Read<boolean> = (value) => {
  if (String(value) === 'true') return true;
  return String(value) === 'false' ? false : undefined;
};

/** One of these words. */
export const oneOf =
  <const W extends string>(...words: W[]): Read<W> =>
  (value) =>
    words.find((word) => word === value);

/** Declares the search parameters of a page: `defineSearch({ q: text, state: oneOf('open', 'done') })`. */
export function defineSearch<R extends Record<string, Read<unknown>>>(
  readers: R,
): SearchReader<{ [K in keyof R]: NonNullable<ReturnType<R[K]>> }> {
  return (raw) => {
    const entries = Object.entries(readers).map(([name, read]) => [name, read(raw[name])] as const);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as never;
  };
}
