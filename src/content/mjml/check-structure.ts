import { countLineBreaks } from './mask-liquid.ts';

/** A mistake in MJML. `line` counts from 1. */
export interface MjmlProblem {
  line: number;
  message: string;
}

/** Elements whose content is HTML. In all others MJML drops a text silently. */
const HTML_ELEMENTS = new Set([
  'mj-accordion-text',
  'mj-accordion-title',
  'mj-breakpoint',
  'mj-button',
  'mj-carousel-image',
  'mj-navbar-link',
  'mj-preview',
  'mj-raw',
  'mj-social-element',
  'mj-style',
  'mj-table',
  'mj-text',
  'mj-title',
]);

/** Each element takes MJML some 0.2 ms, and becomes 600 characters of HTML. A mail has 30 to 200. */
const MAX_ELEMENTS = 500;

const TAG = /<!--[\s\S]*?-->|<(\/?)([a-z][\w-]*)((?:"[^"]*"|'[^']*'|[^'"<>])*)>/gi;

/**
 * Finds the first mistake in the nesting of elements; null if there is none. MJML's own parser accepts these mistakes: it
 * treats an unclosed element as empty, and drops texts between elements and includes.
 */
export function checkMjmlStructure(text: string): MjmlProblem | null {
  const open: { name: string; at: number }[] = [];
  const createProblem = (offset: number, message: string) => ({
    line: countLineBreaks(text.slice(0, offset)) + 1,
    message,
  });
  // Looking for the end of each such comment would take quadratic time.
  const unclosed = text.indexOf('<!--', text.lastIndexOf('-->') + 1);
  if (unclosed >= 0) return createProblem(unclosed, 'a comment is not closed: -->');
  let roots = 0;
  let elements = 0;
  let end = 0;
  for (const match of text.matchAll(TAG)) {
    const [whole, slash, tag, attributes = ''] = match;
    const at = match.index;
    const parent = open.at(-1)?.name;
    const parentHoldsHtml = parent !== undefined && HTML_ELEMENTS.has(parent);
    const between = text.slice(end, at);
    if (!parentHoldsHtml && between.trim() !== '')
      return createProblem(findStart(between, end), describeStray(between, parent));
    end = at + whole.length;
    const name = tag?.toLowerCase();
    if (name === undefined || !(name === 'mjml' || name.startsWith('mj-'))) continue;
    if (slash !== '') {
      if (parent !== name)
        return createProblem(at, `</${name}> closes nothing${parent ? `: <${parent}> is open` : ''}`);
      open.pop();
      continue;
    }
    if (++elements > MAX_ELEMENTS)
      return createProblem(at, `more than ${MAX_ELEMENTS} elements: use <mj-table> or HTML in <mj-text>`);
    if (name === 'mj-include')
      return createProblem(at, '<mj-include> is not allowed: a template includes no other files');
    if (parentHoldsHtml)
      return createProblem(at, `<${name}> can't be inside <${parent}>: is <${parent}> closed?`);
    if ((parent === undefined) !== (name === 'mjml') || (name === 'mjml' && ++roots > 1))
      return createProblem(at, 'everything must be inside one <mjml>');
    if (!attributes.endsWith('/')) open.push({ name, at });
  }
  const last = open.at(-1);
  if (last) return createProblem(last.at, `<${last.name}> is not closed`);
  const rest = text.slice(end);
  if (rest.trim() !== '') return createProblem(findStart(rest, end), describeStray(rest, undefined));
  return roots === 0 ? createProblem(0, 'everything must be inside one <mjml>') : null;
}

function findStart(between: string, from: number): number {
  return from + between.length - between.trimStart().length;
}

function describeStray(text: string, parent: string | undefined): string {
  const [first] = text.trim().split('\n');
  return `'${first}' would be left out${parent ? ` of <${parent}>` : ''}: move it into <mj-text> or <mj-raw>`;
}
