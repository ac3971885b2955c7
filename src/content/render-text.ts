import { createBlockReader } from './block-reader.ts';
import type { FoundBlock } from './find-block.ts';
import { type ContentQuery, findContent } from './find-content.ts';
import { cacheParsed, runTemplate } from './run-template.ts';
import { createEngines, parseText, TemplateError } from './template.ts';
import { toTemplateData } from './template-data.ts';

export interface TextRequest extends ContentQuery {
  channel: string;
  /** The variables of templates. Plain JSON, and templates reach own properties only. */
  data: Record<string, unknown>;
}

export interface RenderedText {
  text: string;
  /** The locale of the content that was found. */
  locale: string;
  /** The variant of the content that was found; null for the plain file. */
  variant: string | null;
  /** The blocks that it is made of. */
  blocks: FoundBlock[];
}

type RenderText = (request: TextRequest) => RenderedText;

const MAX_TEXT_CHARS = 20_000;

/**
 * Creates a renderer for channels that carry plain text (SMS, chat, push): `content/{action}/{channel}.{locale}.txt`, or
 * `.liquid`, whose outputs aren't escaped either. It caches parsed templates by their text.
 */
export function createTextRenderer(): RenderText {
  const engines = createEngines();
  const parse = cacheParsed((source) => parseText(source, engines));
  const readBlocks = createBlockReader(engines);
  return (request) => {
    const { source, locale, variant } = findContent(request, request.channel, ['txt', 'liquid']);
    const blocks: FoundBlock[] = [];
    const data = toTemplateData({ ...request.data, locale });
    const scope = { readBlock: readBlocks(request, locale, 'txt', blocks), content: null };
    const text = runTemplate(engines.text, parse(source), data, { blocks: scope }).trim();
    if (text === '') throw new TemplateError('the text is empty');
    if (text.length > MAX_TEXT_CHARS)
      throw new TemplateError(`renders to more than ${MAX_TEXT_CHARS} characters`);
    return { text, locale, variant, blocks };
  };
}
