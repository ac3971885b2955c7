import { type TagToken, type Template, toValueSync } from 'liquidjs';
import { readBlockName } from '../../content/block-name.ts';
import { listBlocksUsed, listParametersPassed } from '../../content/block-tags.ts';
import { readContentName } from '../../content/content-name.ts';
import { splitFrontMatter } from '../../content/front-matter.ts';
import { suggestName } from '../../content/nearest-name.ts';
import {
  createEngines,
  type Engines,
  parseBlock,
  parseEmail,
  parseText,
  TemplateError,
} from '../../content/template.ts';
import type { ActionDef } from '../../domain/definition.ts';
import type { BundleFile } from '../source/bundle-file.ts';
import type { Problem } from '../source/problem.ts';
import type { OnFile } from '../source/read-sources.ts';

/** The variables of templates; for those with fixed names, the names within. */
const VARIABLES: Record<string, readonly string[] | null> = {
  traits: null,
  account: null,
  event: ['name', 'properties'],
  cart: null,
  orders: null,
  tickets: null,
  coupon: ['code', 'percent', 'expiresAt'],
  workspace: ['id', 'name', 'currency', 'timezone'],
  locale: null,
  delivery: ['id'],
  unsubscribe_url: null,
  preferences_url: null,
  catalogue_url: null,
};
const LINKS = ['unsubscribe_url', 'preferences_url'];
const CONDITIONS: ReadonlySet<string> = new Set(['if', 'unless', 'case']);

/**
 * Warns of variables that no message has, of traits that leave a hole in a sentence when they are missing, and of marketing
 * mails without a visible link to unsubscribe.
 */
export function adviseTemplates(
  content: readonly BundleFile[],
  actions: readonly Pick<ActionDef, 'id' | 'class'>[],
  onFile: OnFile = () => {},
): Problem[] {
  const classes = new Map(actions.map((action) => [action.id, action.class]));
  const engines = createEngines();
  const parsed = content.flatMap((file) => {
    const templates = parseOrSkip(file, engines);
    return templates === null ? [] : [{ file, templates }];
  });
  const blocks = readBlocks(parsed);
  return parsed.flatMap(({ file, templates }): Problem[] => {
    const name = readContentName(file.path);
    const block = readBlockName(file.path)?.block;
    if (!name && block === undefined) return [];
    onFile(file.path);
    const parameters = block === undefined ? NONE : (blocks.parameters.get(block) ?? NONE);
    const reads = engines.html.globalVariableSegmentsSync(templates) as unknown[][];
    const problems = [
      ...reads.filter(([root]) => !parameters.has(String(root))).flatMap(describeUnknown),
      ...listBareNames(file).map(describeBareName),
    ];
    if (
      name &&
      classes.get(name.action) === 'marketing' &&
      name.channel === 'email' &&
      !printsLink(file, engines, blocks)
    )
      problems.push(
        'a marketing mail without a link to unsubscribe: add {{ unsubscribe_url }} or {{ preferences_url }}',
      );
    return [...new Set(problems)].map((message) => ({ file: file.path, path: '', message }));
  });
}

const NONE: ReadonlySet<string> = new Set();

interface ParsedBlocks {
  /** The templates of each block, in all languages and for all segments. */
  templates: Map<string, Template[]>;
  /** What is passed to each block: it may read that. */
  parameters: Map<string, Set<string>>;
}

function readBlocks(parsed: readonly { file: BundleFile; templates: Template[] }[]): ParsedBlocks {
  const templates = new Map<string, Template[]>();
  const parameters = new Map<string, Set<string>>();
  for (const { file, templates: own } of parsed) {
    const block = readBlockName(file.path)?.block;
    if (block !== undefined) templates.set(block, [...(templates.get(block) ?? []), ...own]);
    for (const { block: used, names } of listParametersPassed(own))
      parameters.set(used, new Set([...(parameters.get(used) ?? []), ...names]));
  }
  return { templates, parameters };
}

/** `Hello {{ traits.firstName }},`: a word before it, a sign behind it, and nothing to print in its place. */
const IN_SENTENCE = /[\p{L}\p{N}]\s+\{\{-?\s*traits\.([\w.]+)\s*(\|[^{}]*)?\}\}\s*[,!.:;?]/gu;

/** Traits within a sentence that neither a filter `default` nor a condition takes care of. */
function listBareNames(file: BundleFile): string[] {
  const names = [...file.text.matchAll(IN_SENTENCE)].flatMap(([, name = '', filters = '']) =>
    /\|\s*default\b/.test(filters) ? [] : name,
  );
  const conditions = [...file.text.matchAll(/\{%-?\s*(?:if|elsif|unless|case)\b[^%]*%\}/g)].join(' ');
  return names.filter((name) => !conditions.includes(`traits.${name}`));
}

function describeBareName(name: string): string {
  return `a sentence has a hole where '${name}' is missing: write {{ traits.${name} | default: '…' }}`;
}

/** Whether the mail shows a link, or a block of it does. A condition that asks for it does not, and neither does a comment. */
function printsLink(file: BundleFile, engines: Engines, blocks: ParsedBlocks): boolean {
  const seen = new Set<string>();
  const find = (templates: Template[]): boolean =>
    templates.some((template) => {
      const inner = template.children ? (toValueSync(template.children(false, true)) as Template[]) : [];
      if (inner.length > 0 || CONDITIONS.has((template.token as TagToken).name)) return find(inner);
      const reads = engines.html.globalVariableSegmentsSync([template]);
      return (
        reads.some(([root]) => LINKS.includes(root as string)) || findInBlocks(listBlocksUsed([template]))
      );
    });
  const findInBlocks = (names: readonly string[]): boolean =>
    names.some((name) => {
      if (seen.has(name)) return false;
      seen.add(name);
      return find(blocks.templates.get(name) ?? []);
    });
  const compiled = removeComments(file.compiled ?? file.text);
  const layout = file.path.endsWith('.txt') ? undefined : splitFrontMatter(compiled).matter.layout;
  return (
    find(parseTemplates({ ...file, compiled }, engines)) || (layout !== undefined && findInBlocks([layout]))
  );
}

/** Null for what doesn't parse: that is an error of its own. */
function parseOrSkip(file: BundleFile, engines: Engines): Template[] | null {
  try {
    return parseTemplates(file, engines);
  } catch (error) {
    if (error instanceof TemplateError) return null;
    throw error;
  }
}

function removeComments(html: string): string {
  const [text = '', ...comments] = html.split('<!--');
  return text + comments.map((comment) => comment.split('-->').slice(1).join('-->')).join('');
}

function parseTemplates(file: BundleFile, engines: Engines): Template[] {
  const block = readBlockName(file.path);
  if (block) return parseBlock(file.text, block.extension, engines);
  if (file.path.endsWith('.txt')) return parseText(file.text, engines);
  const { subject, preheader, html } = parseEmail(file.compiled ?? file.text, engines);
  return [...subject, ...(preheader ?? []), ...html];
}

function describeUnknown([root, name]: unknown[]): string[] {
  if (typeof root !== 'string') return [];
  if (!Object.hasOwn(VARIABLES, root))
    return [`unknown variable '${root}' prints nothing${suggestName(root, Object.keys(VARIABLES))}`];
  const names = VARIABLES[root];
  if (!names || typeof name !== 'string' || names.includes(name)) return [];
  const nearest = suggestName(name, names);
  const remedy = root === 'event' && nearest === '' ? `; write event.properties.${name}` : nearest;
  return [`unknown variable '${root}.${name}' prints nothing${remedy}`];
}
