import { listLocales } from '../domain/values/locale.ts';
import { type BlockName, blockPath } from './block-name.ts';
import { type ContentQuery, toReader } from './find-content.ts';
import { TemplateError } from './template-error.ts';

/** The file of a block that was used. */
export interface FoundBlock {
  block: string;
  /** Null: the block is the same in every language. */
  locale: string | null;
  /** Null: the default. */
  segment: string | null;
}

/**
 * Finds a block for a customer: that of the first of their segments which has one, else the default. A segment's block may
 * be missing in a language, as a variant's content may: then it is the segment's block in the fallback locale.
 * @param locale of the content that renders it, so that a message is in one language where it can be
 * @throws TemplateError if there is none
 */
export function findBlock(
  { files, segments = [], fallbackLocale }: ContentQuery,
  block: string,
  locale: string,
  extension: BlockName['extension'],
): FoundBlock & { source: string } {
  const read = toReader(files);
  for (const segment of [...segments, null])
    for (const candidate of [...listLocales(locale), fallbackLocale, ...(segment === null ? [null] : [])]) {
      const source = read(blockPath({ block, locale: candidate, segment, extension }));
      if (source !== undefined) return { source, block, locale: candidate, segment };
    }
  throw new TemplateError(
    `no block: ${blockPath({ block, locale: fallbackLocale, segment: null, extension })}`,
  );
}
