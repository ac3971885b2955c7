import { listLocales } from '../domain/values/locale.ts';
import { type ContentName, contentPath } from './content-name.ts';
import { type ContentFiles, TemplateError } from './template.ts';

/** The content to look for. */
export interface ContentQuery {
  files: ContentFiles;
  action: string;
  /** The customer's, a tag of BCP 47. Without a file for `de-AT`, one for `de` is used, then one for `fallbackLocale`. */
  locale: string;
  fallbackLocale: string;
  /** Test variant. Null, and a variant that no longer exists, mean the plain files. */
  variant?: string | null;
  /** Segments that the customer is inside, in the order of segments.yaml: of those that blocks name. */
  segments?: readonly string[];
}

/** A content file, with the locale and variant that were used. */
export interface FoundContent {
  source: string;
  locale: string;
  /** Null: the plain file. */
  variant: string | null;
  extension: ContentName['extension'];
  /** The text of another file of the same variant and locale. */
  readSibling(extension: ContentName['extension']): string | undefined;
}

/** Reads a file by its path; undefined if there is none. */
export function toReader(files: ContentFiles): (path: string) => string | undefined {
  return typeof files === 'function' ? files : (path) => files.get(path);
}

/**
 * Finds the content of a variant in the first of its locales that has any. All locales of the variant are tried before
 * the plain files, so that a missing translation doesn't take a customer out of the test.
 * @throws TemplateError if there is none
 */
export function findContent(
  query: ContentQuery,
  channel: string,
  extensions: readonly ContentName['extension'][],
): FoundContent {
  const { files, action, locale, fallbackLocale } = query;
  const read = toReader(files);
  const requestedVariant = query.variant ?? null;
  for (const variant of requestedVariant === null ? [null] : [requestedVariant, null]) {
    for (const candidate of [...listLocales(locale), fallbackLocale]) {
      const readFile = (extension: ContentName['extension']) =>
        read(contentPath(action, channel, candidate, extension, variant));
      for (const extension of extensions) {
        const source = readFile(extension);
        if (source !== undefined)
          return { source, locale: candidate, variant, extension, readSibling: readFile };
      }
    }
  }
  throw new TemplateError(`no content: ${contentPath(action, channel, fallbackLocale, extensions[0])}`);
}
