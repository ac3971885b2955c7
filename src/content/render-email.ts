import type { Liquid, Template } from 'liquidjs';
import { LRUCache } from 'lru-cache';
import { type ContentQuery, findContent } from './find-content.ts';
import { toPlainText } from './plain-text.ts';
import {
  createEngines,
  type EmailTemplate,
  type Engines,
  firstLine,
  parseEmail,
  parseText,
  TemplateError,
} from './template.ts';

export interface EmailRequest extends ContentQuery {
  /** What templates can name. Plain JSON: nothing of a prototype is reachable. */
  data: Record<string, unknown>;
}

export interface RenderedEmail {
  /** One line. */
  subject: string;
  html: string;
  text: string;
  /** The locale of the content that was there. */
  locale: string;
  /** The variant of the content that was there; null: the plain one. */
  variant: string | null;
}

export type RenderEmail = (request: EmailRequest) => RenderedEmail;

const SUBJECT_CHARS = 250;
const BODY_CHARS = 500_000;
const KEPT_TEMPLATES = 500;

/** A renderer that keeps what it parsed, by the template's text, so that an edit needs no invalidation. */
export function createEmailRenderer(): RenderEmail {
  const engines = createEngines();
  const emails = memoized((text) => parseEmail(text, engines));
  const texts = memoized((text) => parseText(text, engines));
  return (request) => render(request, engines, emails, texts);
}

/** Renders once. A process that renders many keeps a {@link createEmailRenderer}. Throws {@link TemplateError}. */
export function renderEmail(request: EmailRequest): RenderedEmail {
  return createEmailRenderer()(request);
}

function render(
  request: EmailRequest,
  engines: Engines,
  emailOf: (text: string) => EmailTemplate,
  textOf: (text: string) => Template[],
): RenderedEmail {
  const { data } = request;
  const { source, locale, variant, readSibling: beside } = findContent(request, 'email', ['liquid', 'mjml']);
  const template = emailOf(source);
  const subject = oneLine(run(engines.text, template.subject, data))
    .slice(0, SUBJECT_CHARS)
    .trim();
  if (subject === '') throw new TemplateError('the subject is empty');
  const body = run(engines.html, template.html, data);
  const preheader = template.preheader === null ? '' : oneLine(run(engines.html, template.preheader, data));
  const html = preheader === '' ? body : withPreheader(body, preheader);
  const plain = beside('txt');
  const text = plain === undefined ? toPlainText(body) : run(engines.text, textOf(plain), data);
  return { subject, html, text, locale, variant };
}

function run(engine: Liquid, templates: Template[], data: Record<string, unknown>): string {
  let output: string;
  try {
    output = String(engine.renderSync(templates, data));
  } catch (error) {
    throw new TemplateError(`Liquid: ${firstLine(error)}`);
  }
  if (output.length > BODY_CHARS) throw new TemplateError(`renders to more than ${BODY_CHARS} characters`);
  return output;
}

/** A line break in a subject would begin a new header, so no control character or line separator gets through. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();
}

/** Inbox lists show it after the subject; the mail itself doesn't. */
function withPreheader(html: string, preheader: string): string {
  const hidden = `<div data-preheader style="display:none;max-height:0;overflow:hidden">${preheader}</div>`;
  const body = /<body\b[^>]*>/i.exec(html);
  if (!body) return hidden + html;
  const at = body.index + body[0].length;
  return html.slice(0, at) + hidden + html.slice(at);
}

/** Keeps the results for the texts that were rendered last. */
function memoized<T extends object>(make: (text: string) => T): (text: string) => T {
  const made = new LRUCache<string, T>({ max: KEPT_TEMPLATES });
  return (text) => {
    let value = made.get(text);
    if (value === undefined) {
      value = make(text);
      made.set(text, value);
    }
    return value;
  };
}
