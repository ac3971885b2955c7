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
 * Makes markup: what is written in the template stands as it is, what is put in is escaped, so that no name and no
 * topic can become markup. Attributes must be quoted. Null puts in nothing.
 *
 * @example html`<p title="${name}">${name}</p>`
 */
export function html(fixed: TemplateStringsArray, ...parts: Part[]): Markup {
  const text = fixed.map((piece, i) => piece + (i < parts.length ? textOf(parts[i] ?? null) : ''));
  return new Markup(text.join(''));
}

/** The only place where text becomes markup. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function textOf(part: Part): string {
  if (part === null) return '';
  if (Array.isArray(part)) return part.map(textOf).join('');
  return part instanceof Markup ? part.text : escapeHtml(String(part));
}
