import { countLineBreaks } from './mask-liquid.ts';

/** A mistake in MJML; `line` from 1. */
export interface MjmlProblem {
  line: number;
  message: string;
}

/** What is in them is HTML, which goes out as it is. In all others a text would be left out without a word. */
const HOLD_HTML = new Set([
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

const TAG = /<!--[\s\S]*?-->|<(\/?)([a-z][\w-]*)((?:"[^"]*"|'[^']*'|[^'"<>])*)>/gi;

/**
 * The first mistake in how the elements stand in each other, or null. MJML's own parser takes what isn't closed for
 * empty, ignores texts between elements and includes, and says nothing.
 */
export function checkMjmlStructure(text: string): MjmlProblem | null {
  const open: { name: string; at: number }[] = [];
  const wrong = (at: number, message: string) => ({ line: countLineBreaks(text.slice(0, at)) + 1, message });
  let roots = 0;
  let read = 0;
  for (const match of text.matchAll(TAG)) {
    const [whole, slash, tag, attributes = ''] = match;
    const at = match.index;
    const inside = open.at(-1)?.name;
    const holdsHtml = inside !== undefined && HOLD_HTML.has(inside);
    const between = text.slice(read, at);
    if (!holdsHtml && between.trim() !== '') return wrong(startOf(between, read), stray(between, inside));
    read = at + whole.length;
    const name = tag?.toLowerCase();
    if (name === undefined || !(name === 'mjml' || name.startsWith('mj-'))) continue;
    if (slash !== '') {
      if (inside !== name)
        return wrong(at, `</${name}> closes nothing${inside ? `: <${inside}> is open` : ''}`);
      open.pop();
      continue;
    }
    if (name === 'mj-include')
      return wrong(at, '<mj-include> is not allowed: a template includes no other files');
    if (holdsHtml) return wrong(at, `<${name}> can't be inside <${inside}>: is <${inside}> closed?`);
    if ((inside === undefined) !== (name === 'mjml') || (name === 'mjml' && ++roots > 1))
      return wrong(at, 'everything must be inside one <mjml>');
    if (!attributes.endsWith('/')) open.push({ name, at });
  }
  const last = open.at(-1);
  if (last) return wrong(last.at, `<${last.name}> is not closed`);
  const rest = text.slice(read);
  if (rest.trim() !== '') return wrong(startOf(rest, read), stray(rest, undefined));
  return roots === 0 ? wrong(0, 'everything must be inside one <mjml>') : null;
}

function startOf(between: string, from: number): number {
  return from + between.length - between.trimStart().length;
}

function stray(text: string, inside: string | undefined): string {
  const [first] = text.trim().split('\n');
  return `'${first}' would be left out${inside ? ` of <${inside}>` : ''}: move it into <mj-text> or <mj-raw>`;
}
