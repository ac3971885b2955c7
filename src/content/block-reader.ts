import type { Template } from 'liquidjs';
import type { BlockName } from './block-name.ts';
import type { ReadBlock } from './block-tags.ts';
import { type FoundBlock, findBlock } from './find-block.ts';
import type { ContentQuery } from './find-content.ts';
import { cacheParsed } from './run-template.ts';
import { type Engines, parseBlock } from './template.ts';

/** Creates the blocks of a renderer, which caches them parsed, by their text. */
export function createBlockReader(engines: Engines) {
  const parse = {
    liquid: cacheParsed((text) => parseBlock(text, 'liquid', engines)),
    txt: cacheParsed((text) => parseBlock(text, 'txt', engines)),
  };
  /** @param used gets the blocks that were read, each once */
  return (
    query: ContentQuery,
    locale: string,
    extension: BlockName['extension'],
    used: FoundBlock[],
  ): ReadBlock => {
    const found = new Map<string, Template[]>();
    return (name) => {
      const known = found.get(name);
      if (known) return known;
      const { source, ...block } = findBlock(query, name, locale, extension);
      const templates = parse[extension](source);
      found.set(name, templates);
      if (!used.some((other) => other.block === name)) used.push(block);
      return templates;
    };
  };
}
