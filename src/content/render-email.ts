import type { Liquid, Template } from 'liquidjs';
import { createBlockReader } from './block-reader.ts';
import type { BlockScope } from './block-tags.ts';
import type { FoundBlock } from './find-block.ts';
import { type ContentQuery, findContent } from './find-content.ts';
import { toPlainText } from './plain-text.ts';
import { cacheParsed, runTemplate } from './run-template.ts';
import { createEngines, parseEmail, parseText, TemplateError } from './template.ts';
import { toTemplateData } from './template-data.ts';

export interface EmailRequest extends ContentQuery {
  /** The variables of templates. Plain JSON, and templates reach own properties only. */
  data: Record<string, unknown>;
}

export interface RenderedEmail {
  /** One line. */
  subject: string;
  html: string;
  text: string;
  /** The locale of the content that was found. */
  locale: string;
  /** The variant of the content that was found; null for the plain file. */
  variant: string | null;
  /** The blocks that it is made of. */
  blocks: FoundBlock[];
}

type RenderEmail = (request: EmailRequest) => RenderedEmail;

const MAX_SUBJECT_CHARS = 250;
const MAX_BODY_CHARS = 500_000;

/** Creates a renderer. It caches parsed templates by their text. */
export function createEmailRenderer(): RenderEmail {
  const engines = createEngines();
  const readEmail = cacheParsed((text) => parseEmail(text, engines));
  const readText = cacheParsed((text) => parseText(text, engines));
  const readBlocks = createBlockReader(engines);
  return (request) => {
    const { source, locale, variant, extension, readSibling } = findContent(request, 'email', [
      'liquid',
      'mjml',
    ]);
    const data = toTemplateData({ ...request.data, locale });
    const blocks: FoundBlock[] = [];
    const inHtml = { readBlock: readBlocks(request, locale, 'liquid', blocks), content: null };
    const inText = { readBlock: readBlocks(request, locale, 'txt', blocks), content: null };
    const run = (engine: Liquid, templates: Template[], linesAbove: number | null, scope: BlockScope) =>
      runTemplate(engine, templates, data, { maxChars: MAX_BODY_CHARS, linesAbove, blocks: scope });
    const template = readEmail(source);
    const { linesAbove, layout } = template;
    const subject = toOneLine(run(engines.text, template.subject, linesAbove.subject, inText))
      .slice(0, MAX_SUBJECT_CHARS)
      .trim();
    if (subject === '') throw new TemplateError('the subject is empty');
    // The lines of compiled MJML are not those of its file.
    const own = run(engines.html, template.html, extension === 'mjml' ? null : linesAbove.body, inHtml);
    const body =
      layout === null ? own : run(engines.html, inHtml.readBlock(layout), null, { ...inHtml, content: own });
    const preheader =
      template.preheader === null
        ? ''
        : toOneLine(run(engines.html, template.preheader, linesAbove.preheader, inHtml));
    const html = preheader === '' ? body : insertPreheader(body, preheader);
    const plainText = readSibling('txt');
    const text =
      plainText === undefined ? toPlainText(body) : run(engines.text, readText(plainText), 0, inText);
    return { subject, html, text, locale, variant, blocks };
  };
}

/**
 * Renders once. A process that renders many keeps a {@link createEmailRenderer}.
 * @throws TemplateError
 */
export function renderEmail(request: EmailRequest): RenderedEmail {
  return createEmailRenderer()(request);
}

/**
 * A line break in a subject would start a new header. Control characters and line separators become spaces; characters
 * that turn the direction of what a mail program shows beside the subject go.
 */
function toOneLine(text: string): string {
  return text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .trim();
}

/** Inbox lists show the preheader after the subject. It is hidden in the mail itself. */
function insertPreheader(html: string, preheader: string): string {
  const hidden = `<div data-preheader style="display:none;max-height:0;overflow:hidden">${preheader}</div>`;
  const body = /<body\b/i.exec(html);
  const bodyStart = body ? html.indexOf('>', body.index) + 1 : 0;
  return html.slice(0, bodyStart) + hidden + html.slice(bodyStart);
}
