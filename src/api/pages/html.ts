/** Text that is markup. All other text in a page is escaped. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

type Part = string | number | Markup | Markup[] | null;

/**
 * Builds markup: text of the template is kept, inserted values are escaped, so that no name or topic can become markup.
 * Attributes must be quoted. Null inserts nothing.
 *
 * @example html`<p title="${name}">${name}</p>`
 */
export function html(fixed: TemplateStringsArray, ...parts: Part[]): Markup {
  const text = fixed.map((piece, i) => piece + (i < parts.length ? render(parts[i] ?? null) : ''));
  return new Markup(text.join(''));
}

/** The only place where text becomes markup. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function render(part: Part): string {
  if (part === null) return '';
  if (Array.isArray(part)) return part.map(render).join('');
  return part instanceof Markup ? part.text : escapeHtml(String(part));
}
