import { Liquid, type Template } from 'liquidjs';
import { registerBlockTags } from './block-tags.ts';
import { registerDateFilters } from './date-filters.ts';
import { type SplitTemplate, splitFrontMatter } from './front-matter.ts';
import { registerLenientTags } from './lenient-tags.ts';
import { toTemplateError } from './liquid-error.ts';
import { money } from './money-filter.ts';

export { TemplateError } from './template-error.ts';

/** A parsed e-mail template: subject and preheader from the front matter, the body as HTML. */
export interface EmailTemplate {
  subject: Template[];
  preheader: Template[] | null;
  html: Template[];
  /** Name of the block that the HTML is put into; null: it is whole. */
  layout: string | null;
  /** How many lines of the file are above each part. */
  linesAbove: SplitTemplate['linesAbove'];
}

/** Texts of templates by path within the bundle. */
export type ContentFiles = ReadonlyMap<string, string> | ((path: string) => string | undefined);

const MAX_TEMPLATE_CHARS = 200_000;
/** Far above what a mail needs: it is wall clock, which a busy machine uses up too. LiquidJS checks it between tags. */
const RENDER_MS = 1_000;
const RENDER_MEMORY = 5_000_000;
/** These tags would read files of the machine. `render` is our own: it reads blocks of the bundle. */
const FILE_TAGS = ['include', 'render', 'layout', 'block'];

/** `html` escapes each output; `text` is for subjects and plain text. Dates print in UTC unless a filter names a zone. */
export interface Engines {
  html: Liquid;
  text: Liquid;
}

/** One pair of engines serves all templates: they keep no state of what they render. */
export function createEngines(): Engines {
  return { html: createEngine(true), text: createEngine(false) };
}

function createEngine(escaped: boolean): Liquid {
  const engine = new Liquid({
    ...(escaped ? { outputEscape: 'escape' as const } : {}),
    ownPropertyOnly: true,
    strictFilters: true,
    parseLimit: MAX_TEMPLATE_CHARS,
    renderLimit: RENDER_MS,
    memoryLimit: RENDER_MEMORY,
    templates: {},
    timezoneOffset: 0,
    locale: 'en-US',
  });
  for (const tag of FILE_TAGS) delete engine.tags[tag];
  engine.registerFilter('money', money);
  registerDateFilters(engine);
  registerLenientTags(engine);
  registerBlockTags(engine);
  return engine;
}

/**
 * Parses `email.{locale}.liquid`, or the compiled form of an `.mjml`.
 * @throws TemplateError
 */
export function parseEmail(text: string, engines: Engines): EmailTemplate {
  const { matter, body, linesAbove } = splitFrontMatter(text);
  return {
    subject: parseLiquid(matter.subject, engines.text, linesAbove.subject),
    preheader:
      matter.preheader === undefined
        ? null
        : parseLiquid(matter.preheader, engines.html, linesAbove.preheader),
    html: parseLiquid(body, engines.html, linesAbove.body),
    layout: matter.layout ?? null,
    linesAbove,
  };
}

/**
 * Parses a block: `.liquid` for mails, `.txt` for plain text.
 * @throws TemplateError
 */
export function parseBlock(text: string, extension: 'liquid' | 'txt', engines: Engines): Template[] {
  return parseLiquid(text, extension === 'liquid' ? engines.html : engines.text, 0);
}

/**
 * Parses a text without front matter, such as `email.{locale}.txt`.
 * @throws TemplateError
 */
export function parseText(text: string, engines: Engines): Template[] {
  return parseLiquid(text, engines.text, 0);
}

function parseLiquid(text: string, engine: Liquid, linesAbove: number): Template[] {
  try {
    return engine.parse(text);
  } catch (error) {
    throw toTemplateError(error, linesAbove, engine);
  }
}
