import type { Template } from 'liquidjs';
import { LRUCache } from 'lru-cache';
import { type ContentQuery, findContent } from './find-content.ts';
import { createEngines, firstLine, parseText, TemplateError } from './template.ts';

interface TextRequest extends ContentQuery {
  channel: string;
  /** What templates can name. Plain JSON: nothing of a prototype is reachable. */
  data: Record<string, unknown>;
}

interface RenderedText {
  text: string;
  /** The locale of the content that was there. */
  locale: string;
  /** The variant of the content that was there; null: the plain one. */
  variant: string | null;
}

export type RenderText = (request: TextRequest) => RenderedText;

const TEXT_CHARS = 20_000;
const KEPT_TEMPLATES = 500;

/**
 * A renderer for channels that carry text and nothing else (SMS, chat, push): `content/{action}/{channel}.{locale}.txt`,
 * or `.liquid`, whose outputs aren't escaped either. It keeps what it parsed, by the template's text.
 */
export function createTextRenderer(): RenderText {
  const engines = createEngines();
  const parsed = new LRUCache<string, Template[]>({ max: KEPT_TEMPLATES });
  const parse = (source: string) => {
    const known = parsed.get(source);
    if (known) return known;
    const templates = parseText(source, engines);
    parsed.set(source, templates);
    return templates;
  };
  return (request) => {
    const { source, locale, variant } = findContent(request, request.channel, ['txt', 'liquid']);
    let text: string;
    try {
      text = String(engines.text.renderSync(parse(source), request.data)).trim();
    } catch (error) {
      if (error instanceof TemplateError) throw error;
      throw new TemplateError(`Liquid: ${firstLine(error)}`);
    }
    if (text === '') throw new TemplateError('the text is empty');
    if (text.length > TEXT_CHARS) throw new TemplateError(`renders to more than ${TEXT_CHARS} characters`);
    return { text, locale, variant };
  };
}
