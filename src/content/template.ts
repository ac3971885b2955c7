import { Liquid, type Template } from 'liquidjs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { decimalsOf } from '../domain/values/money.ts';
import { readNumber } from '../domain/values/read-number.ts';
import { registerDateFilters } from './date-filters.ts';

/** A template that can't be read or rendered. A retry would fail again, so the delivery ends as `failed`. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** A parsed e-mail template: subject and preheader from the front matter, the body as HTML. */
export interface EmailTemplate {
  subject: Template[];
  preheader: Template[] | null;
  html: Template[];
}

/** Texts of templates by path within the bundle. */
export type ContentFiles = ReadonlyMap<string, string> | ((path: string) => string | undefined);

const MAX_TEMPLATE_CHARS = 200_000;
/** Far above what a mail needs: it is wall clock, which a busy machine uses up too. LiquidJS checks it between tags. */
const RENDER_MS = 1_000;
const RENDER_MEMORY = 5_000_000;
/** These tags would read other files. */
const FILE_TAGS = ['include', 'render', 'layout', 'block'];

const frontMatter = z.strictObject({ subject: z.string().min(1), preheader: z.string().min(1).optional() });

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
  return engine;
}

/** `{{ 12.5 | money: 'EUR' }}` → `12.50 EUR`, with the currency's decimals. Doesn't use `Intl`, whose output changes with the version of Node. */
function money(amount: unknown, currency: unknown): string {
  const value = readNumber(amount);
  const code = typeof currency === 'string' ? currency : '';
  const text = value === null ? String(amount ?? '') : value.toFixed(decimalsOf(code));
  return code !== '' && text !== '' ? `${text} ${code}` : text;
}

/**
 * Parses `email.{locale}.liquid`, or the compiled form of an `.mjml`.
 * @throws TemplateError
 */
export function parseEmail(text: string, engines: Engines): EmailTemplate {
  const { matter, body } = splitFrontMatter(text);
  return {
    subject: parseLiquid(matter.subject, engines.text),
    preheader: matter.preheader === undefined ? null : parseLiquid(matter.preheader, engines.html),
    html: parseLiquid(body, engines.html),
  };
}

/**
 * Parses a text without front matter, such as `email.{locale}.txt`.
 * @throws TemplateError
 */
export function parseText(text: string, engines: Engines): Template[] {
  return parseLiquid(text, engines.text);
}

function parseLiquid(text: string, engine: Liquid): Template[] {
  try {
    return engine.parse(text);
  } catch (error) {
    throw new TemplateError(`Liquid: ${firstLine(error)}`);
  }
}

/**
 * Splits an e-mail template. `head` is the front matter as written, `matter` as read, `body` what follows it.
 * @throws TemplateError
 */
export function splitFrontMatter(text: string): {
  head: string;
  matter: z.output<typeof frontMatter>;
  body: string;
} {
  const match = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text);
  if (!match) throw new TemplateError('must begin with front matter: ---, subject: …, ---');
  let data: unknown;
  try {
    data = parseYaml(match[1] as string);
  } catch (error) {
    throw new TemplateError(`front matter: ${firstLine(error)}`);
  }
  const matter = frontMatter.safeParse(data);
  if (!matter.success)
    throw new TemplateError('front matter must have a subject and may have a preheader, nothing else');
  const head = match[0];
  return { head, matter: matter.data, body: text.slice(head.length) };
}

/** The message without the excerpt of the template that Liquid and YAML append. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] as string;
}
