import { useLanguage } from './language.ts';
import type { Language } from './languages.ts';

/** A text, or a function that makes one of values. */
type Message = string | ((...values: never[]) => string);
type Messages = Record<string, Message>;

/** What a language needs if English has `T`: a text for a text, and a function of the same values for a function. */
type SameAs<T extends Messages> = {
  [K in keyof T]: T[K] extends (...values: infer P) => string ? (...values: P) => string : string;
};

/** The texts of an area in every language. */
export type Catalogue<T extends Messages> = { [L in Language]: L extends 'en' ? T : SameAs<T> };

/** Declares the texts of an area. The types refuse a language that lacks one. */
export const defineMessages = <const T extends Messages>(catalogue: { en: T; id: SameAs<T> }): Catalogue<T> =>
  catalogue as Catalogue<T>;

/** The texts in the user's language: `const t = useMessages(messages)`, then `t.title` or `t.found({ count })`. */
export function useMessages<T extends Messages>(catalogue: Catalogue<T>): SameAs<T> {
  return catalogue[useLanguage()] as SameAs<T>;
}
