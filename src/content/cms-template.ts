import type { CmsEntryDef } from '../domain/definition.ts';
import { readPath } from '../domain/values/read-path.ts';

/** The fields of an entry as a content file; or which of them is no text. */
export function writeTemplate(
  { fields, layout }: Pick<CmsEntryDef, 'fields' | 'layout'>,
  entry: Record<string, unknown>,
): { text: string } | { missing: string } {
  const read = (path: string): string | undefined => {
    const value = readPath(entry, path);
    return typeof value === 'string' && value.trim() !== '' ? value : undefined;
  };
  if ('text' in fields) {
    const text = read(fields.text);
    return text === undefined ? { missing: fields.text } : { text };
  }
  const [subject, html] = [read(fields.subject), read(fields.html)];
  if (subject === undefined) return { missing: fields.subject };
  if (html === undefined) return { missing: fields.html };
  const preheader = fields.preheader === null ? undefined : read(fields.preheader);
  const matter = [
    // JSON is YAML.
    `subject: ${JSON.stringify(subject)}`,
    ...(preheader === undefined ? [] : [`preheader: ${JSON.stringify(preheader)}`]),
    ...(layout === null ? [] : [`layout: ${layout}`]),
  ];
  return { text: `---\n${matter.join('\n')}\n---\n${html}` };
}
