import { isScalar, LineCounter, parseDocument, Scalar } from 'yaml';
import { z } from 'zod';
import { TemplateError } from './template-error.ts';

const frontMatter = z.strictObject({
  subject: z.string().min(1),
  preheader: z.string().min(1).optional(),
  /** The block that the mail is put into. */
  layout: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/)
    .optional(),
});

/** Of the front matter. A subject and a preheader have a few hundred. */
const MAX_CHARS = 10_000;

/** An e-mail template, split after its front matter. */
export interface SplitTemplate {
  /** The front matter as written. */
  head: string;
  matter: z.output<typeof frontMatter>;
  body: string;
  /** How many lines of the file are above each part, to name the file's line in a message about the part. */
  linesAbove: Record<'subject' | 'preheader' | 'body', number>;
}

/**
 * Splits an e-mail template.
 * @throws TemplateError
 */
export function splitFrontMatter(text: string): SplitTemplate {
  const match = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text);
  if (!match) throw new TemplateError('must begin with front matter: ---, subject: …, ---');
  const yaml = match[1] as string;
  if (yaml.length > MAX_CHARS)
    throw new TemplateError(`front matter has ${yaml.length} characters; at most ${MAX_CHARS} are allowed`);
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false });
  /** The line in the file: the front matter begins below the first `---`. */
  const lineAt = (offset: number) => lines.linePos(offset).line + 1;
  const [error] = document.errors;
  if (error)
    throw new TemplateError(`front matter, line ${lineAt(error.pos[0])}: ${error.message.split('\n')[0]}`);
  const matter = frontMatter.safeParse(document.toJS());
  if (!matter.success)
    throw new TemplateError(
      'front matter must have a subject, and may have a preheader and a layout, nothing else',
    );
  const linesAbove = (name: string) => {
    const value = document.get(name, true);
    if (!isScalar(value) || !value.range) return 0;
    const isBlock = value.type === Scalar.BLOCK_LITERAL || value.type === Scalar.BLOCK_FOLDED;
    return lineAt(value.range[0]) - (isBlock ? 0 : 1);
  };
  const head = match[0];
  return {
    head,
    matter: matter.data,
    body: text.slice(head.length),
    linesAbove: {
      subject: linesAbove('subject'),
      preheader: linesAbove('preheader'),
      body: head.split('\n').length - 1,
    },
  };
}
