import { LOCALE_PATTERN } from '../domain/values/locale.ts';

/** Where the blocks of a bundle are. */
export const BLOCKS_FOLDER = 'content/_blocks/';

/** The parts of a block's file name: `content/_blocks/{name}[.{locale}[.{segment}]].{extension}`. */
export interface BlockName {
  block: string;
  /** Null: the block is the same in every language. */
  locale: string | null;
  /** Null: the default, for customers inside none of the block's segments. */
  segment: string | null;
  extension: 'liquid' | 'txt';
}

const NAME = new RegExp(
  `^${BLOCKS_FOLDER}([a-z0-9-]{1,64})(?:\\.(${LOCALE_PATTERN})(?:\\.([a-z0-9-]{1,64}))?)?\\.(liquid|txt)$`,
);

/** Undefined for a path of another form. */
export function readBlockName(path: string): BlockName | undefined {
  const match = NAME.exec(path);
  if (!match) return undefined;
  const [, block, locale, segment, extension] = match as unknown as string[];
  return { block, locale: locale ?? null, segment: segment ?? null, extension } as BlockName;
}

/** The path of a block's file within the bundle. */
export function blockPath({ block, locale, segment, extension }: BlockName): string {
  const parts = [block, locale, segment, extension].filter((part) => part !== null);
  return `${BLOCKS_FOLDER}${parts.join('.')}`;
}
