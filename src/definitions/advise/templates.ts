import { type TagToken, type Template, toValueSync } from 'liquidjs';
import { readContentName } from '../../content/content-name.ts';
import { suggestName } from '../../content/nearest-name.ts';
import { createEngines, type Engines, parseEmail, parseText, TemplateError } from '../../content/template.ts';
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
  return content.flatMap((file): Problem[] => {
    const name = readContentName(file.path);
    if (!name) return [];
    onFile(file.path);
    const reads = listReads(file, engines);
    const problems = [...reads.flatMap(describeUnknown), ...listBareNames(file).map(describeBareName)];
    if (classes.get(name.action) === 'marketing' && name.channel === 'email' && !printsLink(file, engines))
      problems.push(
        'a marketing mail without a link to unsubscribe: add {{ unsubscribe_url }} or {{ preferences_url }}',
      );
    return [...new Set(problems)].map((message) => ({ file: file.path, path: '', message }));
  });
}

/** The variables that a template reads, each as a path. Its own, such as those of loops, are not listed. */
function listReads(file: BundleFile, engines: Engines): unknown[][] {
  try {
    return engines.html.globalVariableSegmentsSync(parseTemplates(file, engines)) as unknown[][];
  } catch (error) {
    if (error instanceof TemplateError) return [];
    throw error;
  }
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

/** Whether the mail shows a link. A condition that asks for it does not, and neither does a comment. */
function printsLink(file: BundleFile, engines: Engines): boolean {
  const text = removeComments(file.compiled ?? file.text);
  const find = (templates: Template[]): boolean =>
    templates.some((template) => {
      const inner = template.children ? (toValueSync(template.children(false, true)) as Template[]) : [];
      if (inner.length > 0 || CONDITIONS.has((template.token as TagToken).name)) return find(inner);
      const reads = engines.html.globalVariableSegmentsSync([template]);
      return reads.some(([root]) => LINKS.includes(root as string));
    });
  try {
    return find(parseTemplates({ ...file, compiled: text }, engines));
  } catch (error) {
    if (error instanceof TemplateError) return true;
    throw error;
  }
}

function removeComments(html: string): string {
  const [text = '', ...comments] = html.split('<!--');
  return text + comments.map((comment) => comment.split('-->').slice(1).join('-->')).join('');
}

function parseTemplates(file: BundleFile, engines: Engines): Template[] {
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
