import { compile, type DomNode, type FormatCallback } from 'html-to-text';

/** Elements that a reader of the HTML does not see. */
const HIDDEN = ['[hidden]', '[style*="display:none" i]', '[style*="display: none" i]'];
const LINE = { leadingLineBreaks: 1, trailingLineBreaks: 1 };
const PARAGRAPH = { leadingLineBreaks: 2, trailingLineBreaks: 2 };

/**
 * Makes the plain-text part of an HTML mail. Keeps paragraphs, list items, the cells of tables and the addresses of
 * links. Text that a customer typed was escaped in the HTML, and stays text.
 */
export const toPlainText: (html: string) => string = trimLines(
  compile({
    wordwrap: false,
    formatters: { mailTable: formatTable, altText: formatImage },
    selectors: [
      // The preheader is for inbox lists only, and repeats what follows.
      { selector: 'div[data-preheader]', format: 'skip' },
      ...HIDDEN.map((selector) => ({ selector, format: 'skip' })),
      { selector: 'title', format: 'skip' },
      { selector: 'img', format: 'altText' },
      {
        selector: 'a',
        options: {
          linkBrackets: ['(', ')'],
          hideLinkHrefIfSameAsText: true,
          noAnchorUrl: true,
          pathRewrite: (address: string) => address.trim(),
        },
      },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
        selector,
        options: { uppercase: false, ...PARAGRAPH },
      })),
      { selector: 'ul', options: { itemPrefix: '- ' } },
      ...['dt', 'dd'].map((selector) => ({ selector, format: 'block', options: LINE })),
      { selector: 'hr', format: 'block' },
      { selector: 'table', format: 'mailTable' },
      // Of tables that lay out the page; those of values have columns.
      ...['td', 'th'].map((selector) => ({ selector, format: 'block', options: PARAGRAPH })),
    ],
  }),
);

/** No line ends with spaces, and at most one empty line follows another. The time is proportional to the text. */
function trimLines(convert: (html: string) => string): (html: string) => string {
  return (html) =>
    convert(html)
      .replaceAll('\u00a0', ' ')
      .split('\n')
      .map((line) => line.slice(0, findEnd(line)))
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .replace(/^\n+/, '')
      .trimEnd();
}

/** Where the spaces and tabs at the end of a line begin. */
function findEnd(line: string): number {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--;
  return end;
}

/**
 * A table of values has a line per row, and columns. Most tables of mails only lay out the page: their cells are
 * paragraphs.
 */
function formatTable(...[element, walk, builder, options]: Parameters<FormatCallback>): void {
  const { block, dataTable } = builder.options.formatters ?? {};
  if (isLayout(element)) block?.(element, walk, builder, PARAGRAPH);
  else dataTable?.(element, walk, builder, { ...options, uppercaseHeaderCells: false });
}

/** A picture that is a link says where the link leads. Others belong to the look of the mail. */
function formatImage(...[element, , builder]: Parameters<FormatCallback>): void {
  const alt = element.attribs?.alt;
  if (alt && isInLink(element)) builder.addInline(alt);
}

function isInLink({ parent }: DomNode): boolean {
  return parent ? parent.name === 'a' || isInLink(parent) : false;
}

function isLayout(table: DomNode): boolean {
  if (table.attribs?.role === 'presentation') return true;
  const rows = listElements(table).filter(({ name }) => name === 'tr');
  const cells = rows.map((row) => (row.children ?? []).filter(({ name }) => name === 'td' || name === 'th'));
  const isNested = listElements(table).some(({ name }) => name === 'table');
  return isNested || cells.every((row) => row.length < 2);
}

function listElements({ children = [] }: DomNode): DomNode[] {
  return children.filter(({ type }) => type === 'tag').flatMap((child) => [child, ...listElements(child)]);
}
