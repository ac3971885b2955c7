import { LANGUAGES, NAMES_OF_TAGS, OLD_LANGUAGES } from './languages.ts';
import { isAbsent } from './read-number.ts';
import { foldWord } from './word.ts';

const LONGEST = 200;
/** Codes of two letters. */
const KNOWN = new Set<string>();
/** Codes of three letters, old codes, and names: each with the tag that it means. */
const TAGS = new Map<string, string>(Object.entries(OLD_LANGUAGES));
const NAMES = new Map<string, string>();

for (const line of LANGUAGES.trim().split('\n')) {
  const [codes = '', names = ''] = line.trim().split(': ');
  const [code = '', ...others] = codes.split(' ');
  KNOWN.add(code);
  for (const other of others) TAGS.set(other, code);
  for (const name of names.split(', ')) NAMES.set(foldWord(name), code);
}
for (const [name, tag] of Object.entries(NAMES_OF_TAGS)) NAMES.set(foldWord(name), tag);

/** What systems and standards write where there is no language. */
const NO_LANGUAGE = new Set(['c', 'posix', 'root', 'und', 'mul', 'zxx', 'mis', '*']);
/** Words for nothing that have the form of a code. */
const NO_CODE = new Set(['nan', 'nil', 'nul', 'tbd', 'tba', 'xxx']);

/** Of `sr_RS@latin`. */
const SCRIPTS: Readonly<Record<string, string>> = { latin: 'latn', cyrillic: 'cyrl', devanagari: 'deva' };
/** The region in which a script of Chinese is usual: content is named by regions. */
const USUAL_REGIONS: Readonly<Record<string, string>> = { Hans: 'CN', Hant: 'TW' };
/** Where Chinese is written in traditional characters. */
const TRADITIONAL = ['TW', 'HK', 'MO'];
/** The countries of `es-419`. */
const LATIN_AMERICA = 'AR BO BR BZ CL CO CR CU DO EC GT HN MX NI PA PE PR PY SV US UY VE'.split(' ');
/** Two names of one written language. */
const TWINS: Readonly<Record<string, string>> = { nb: 'no', nn: 'no', no: 'nb' };

/** The last texts, since every page view of a browser brings one. */
const recent = new Map<string, string | undefined>();
const MOST_RECENT = 500;

/**
 * The language that a value names, as a tag of BCP 47 with language, script and region: `de-AT`, `zh-Hans-CN`. It may be
 * written as systems do (`de_DE.UTF-8`, `de_DE@euro`), in any case, by code of three letters (`deu`), by name (`German`),
 * or be a list as browsers send it (`de-DE,de;q=0.9`), of which the most preferred one counts. Undefined if none is named,
 * or if it can't be read.
 */
export function readLocale(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(readLocale).find((tag) => tag !== undefined);
  if (typeof value !== 'string' || value.length > LONGEST) return undefined;
  if (recent.has(value)) return recent.get(value);
  const tag = readText(value);
  if (recent.size >= MOST_RECENT) recent.clear();
  recent.set(value, tag);
  return tag;
}

/** Whether a value should name a language, and can't be read. */
export function isUnreadableLocale(value: unknown): boolean {
  if (isAbsent(value) || readLocale(value) !== undefined) return false;
  if (Array.isArray(value)) return value.some(isUnreadableLocale);
  return typeof value !== 'string' || !NO_LANGUAGE.has(stripSystem(value.trim().toLowerCase()));
}

/** A locale as content files and `locales` write it: `de`, `de-AT`, `zh-Hant-TW`, `es-419`. */
export const LOCALE_PATTERN = '[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?';

/**
 * The locales whose content suits a language, best first: `de-AT`, then `de`; `zh-Hant-TW`, `zh-Hant`, `zh-TW`, then `zh`.
 * A region without content of its own reads that of a larger one: `es-MX` that of `es-419`.
 */
export function listLocales(tag: string): string[] {
  const [language = '', ...rest] = tag.split('-');
  const script = rest.find((part) => part.length === 4);
  const region = rest.find((part) => part.length < 4);
  const usual = language === 'zh' ? listChinese(script, region) : [];
  const inScript = script === undefined ? [] : [`${language}-${script}`];
  const inRegion = region === undefined ? [] : [`${language}-${region}`];
  const larger = region === undefined ? [] : listLarger(language, region);
  return [
    ...new Set([tag, ...inScript, ...inRegion, ...usual, ...larger, language, TWINS[language] ?? language]),
  ];
}

/**
 * Why content is in this locale. `none`: it is the customer's own. `language`: the customer's has no content, a wider one
 * has: `pt` for `pt-BR`. `workspace`: no content suits the customer's language, or none is known.
 */
export const LOCALE_FALLBACKS = ['none', 'language', 'workspace'] as const;
export type LocaleFallback = (typeof LOCALE_FALLBACKS)[number];

/** @param requested the customer's locale; null: none is known */
export function readLocaleFallback(requested: string | null, used: string): LocaleFallback {
  if (requested === used) return 'none';
  return requested !== null && listLocales(requested).includes(used) ? 'language' : 'workspace';
}

/** `zh-HK` is written as in Taiwan, `zh-SG` as in China. None for `zh` alone. */
function listChinese(script: string | undefined, region: string | undefined): string[] {
  if (script === undefined && region === undefined) return [];
  const written = script ?? (TRADITIONAL.includes(region ?? '') ? 'Hant' : 'Hans');
  const usual = USUAL_REGIONS[written];
  return [`zh-${written}`, ...(usual === undefined ? [] : [`zh-${usual}`])];
}

/** Spanish of Latin America is written as in all of it, Portuguese outside of Brazil as in Portugal. */
function listLarger(language: string, region: string): string[] {
  if (language === 'es' && LATIN_AMERICA.includes(region)) return ['es-419'];
  return language === 'pt' && region !== 'BR' ? ['pt-PT'] : [];
}

function readText(text: string): string | undefined {
  const whole = NAMES.get(foldWord(text)) ?? readNameAndRegion(text);
  if (whole !== undefined) return whole;
  const wishes = text.split(/[,:]/).map((wish) => {
    const [tag = '', ...options] = wish.split(';');
    const weight = options
      .map((option) => /^\s*q=([\d.]+)\s*$/i.exec(option)?.[1])
      .find((q) => q !== undefined);
    return { tag: tag.trim(), weight: weight === undefined ? 1 : Number(weight) };
  });
  const [best] = wishes
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .flatMap(({ tag }) => readTag(tag) ?? []);
  return best;
}

/** `English (US)`; of `German (Germany)` the language alone. */
function readNameAndRegion(text: string): string | undefined {
  const match = /^([^()[\]]+?)\s*[([]([^()[\]]+)[)\]]$/.exec(text.trim());
  const tag = match && NAMES.get(foldWord(match[1]));
  if (!tag) return undefined;
  const region = /^[a-z]{2}$/i.test(match[2] ?? '') ? `${tag}-${match[2]}` : tag;
  return readTag(region);
}

function readTag(text: string): string | undefined {
  const lower = text.toLowerCase();
  const modifier = SCRIPTS[/@(\w+)$/.exec(lower)?.[1] ?? ''];
  const [language = '', ...rest] = stripSystem(lower).split('-');
  if (!/^[a-z]{2,3}$/.test(language) || NO_LANGUAGE.has(language) || NO_CODE.has(language)) return undefined;
  if (!rest.every((part) => /^[a-z0-9]{1,8}$/.test(part))) return undefined;
  const code = TAGS.get(language) ?? language;
  if (code.length === 2 && !KNOWN.has(code)) return undefined;
  // `zh-yue`: a language within the language, as it was once written.
  if (/^[a-z]{3}$/.test(rest[0] ?? '')) rest.shift();
  const end = rest.findIndex((part) => part.length === 1);
  const parts = end < 0 ? rest : rest.slice(0, end);
  const script = parts.find((part) => /^[a-z]{4}$/.test(part)) ?? modifier;
  const region = parts.slice(0, 2).find((part) => /^([a-z]{2}|\d{3})$/.test(part));
  return [code, ...(script ? [toTitle(script)] : []), ...(region ? [toRegion(region)] : [])].join('-');
}

/** Without the encoding and the modifier of a Unix system, and the signs of Java: `de_DE.UTF-8@euro`, `zh_TW_#Hant`. */
function stripSystem(lower: string): string {
  return lower
    .replace(/[.@].*$/, '')
    .replace(/[_#\s-]+/g, '-')
    .replace(/-$/, '');
}

function toTitle(script: string): string {
  return script.charAt(0).toUpperCase() + script.slice(1);
}

function toRegion(region: string): string {
  return region === 'uk' ? 'GB' : region.toUpperCase();
}
