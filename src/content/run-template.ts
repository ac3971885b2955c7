import { Context, type Liquid, type Template } from 'liquidjs';
import { BoundedCache } from '../domain/values/bounded-cache.ts';
import { type BlockScope, setBlockScope } from './block-tags.ts';
import { toTemplateError } from './liquid-error.ts';
import { TemplateError } from './template-error.ts';

const KEPT_TEMPLATES = 500;
const KEPT_CHARS = 10_000_000;
const MAX_TEMPLATE_CHARS = 200_000;

export interface RunOptions {
  maxChars?: number;
  /** The lines of the file above these templates; null: their lines are not those of the file. */
  linesAbove?: number | null;
  blocks?: BlockScope;
}

/**
 * Renders parsed templates to text.
 * @throws TemplateError if they fail, or give too many characters
 */
export function runTemplate(
  engine: Liquid,
  templates: Template[],
  data: Record<string, unknown>,
  { maxChars = Number.POSITIVE_INFINITY, linesAbove = 0, blocks }: RunOptions = {},
): string {
  let output: string;
  try {
    const context = new Context(data, engine.options, { sync: true });
    if (blocks) setBlockScope(context, blocks);
    output = String(engine.renderSync(templates, context));
  } catch (error) {
    throw toTemplateError(error, linesAbove, engine);
  }
  if (output.length > maxChars) throw new TemplateError(`renders to more than ${maxChars} characters`);
  return output;
}

/** Caches what `parse` returns, by the text. An edited template is another text, so nothing needs invalidation. */
export function cacheParsed<T extends object>(parse: (text: string) => T): (text: string) => T {
  const cache = new BoundedCache<T>({
    maxEntries: KEPT_TEMPLATES,
    maxChars: KEPT_CHARS,
    maxKeyChars: MAX_TEMPLATE_CHARS,
  });
  return (text) => cache.getOrCreate(text, parse);
}
