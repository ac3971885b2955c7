import { type ContentName, contentPath } from './content-name.ts';
import { type ContentFiles, TemplateError } from './template.ts';

/** Which content is wanted. */
export interface ContentQuery {
  files: ContentFiles;
  action: string;
  /** As wanted; a part of it (`de` of `de-AT`), then the fallback, serve too. */
  locale: string;
  fallbackLocale: string;
  /** Test variant; null: the plain files. One that there isn't (any more) is served by the plain files, too. */
  variant?: string | null;
}

/** A content file that was there. */
export interface FoundContent {
  source: string;
  locale: string;
  /** Null: the plain file. */
  variant: string | null;
  /** Another file of the same variant and locale. */
  readSibling(extension: ContentName['extension']): string | undefined;
}

/**
 * The content of the wanted variant, in the wanted locale or what stands for it: a missing translation is looked for
 * within the variant, so that nobody falls out of the test by their language.
 * @throws TemplateError where there is none
 */
export function findContent(
  wanted: ContentQuery,
  channel: string,
  extensions: readonly ContentName['extension'][],
): FoundContent {
  const { files, action, locale, fallbackLocale } = wanted;
  const read = typeof files === 'function' ? files : (path: string) => files.get(path);
  const chosen = wanted.variant ?? null;
  for (const variant of chosen === null ? [null] : [chosen, null]) {
    for (const one of [locale, locale.split('-')[0] as string, fallbackLocale]) {
      const at = (extension: ContentName['extension']) =>
        read(contentPath(action, channel, one, extension, variant));
      for (const extension of extensions) {
        const source = at(extension);
        if (source !== undefined) return { source, locale: one, variant, readSibling: at };
      }
    }
  }
  throw new TemplateError(`no content: ${contentPath(action, channel, fallbackLocale, extensions[0])}`);
}
