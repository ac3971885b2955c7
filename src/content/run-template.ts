import type { Liquid, Template } from 'liquidjs';
import { LRUCache } from 'lru-cache';
import { toTemplateError } from './liquid-error.ts';
import { TemplateError } from './template-error.ts';

const KEPT_TEMPLATES = 500;

export interface RunOptions {
  maxChars?: number;
  /** The lines of the file above these templates; null: their lines are not those of the file. */
  linesAbove?: number | null;
}

/**
 * Renders parsed templates to text.
 * @throws TemplateError if they fail, or give too many characters
 */
export function runTemplate(
  engine: Liquid,
  templates: Template[],
  data: Record<string, unknown>,
  { maxChars = Number.POSITIVE_INFINITY, linesAbove = 0 }: RunOptions = {},
): string {
  let output: string;
  try {
    output = String(engine.renderSync(templates, data));
  } catch (error) {
    throw toTemplateError(error, linesAbove, engine);
  }
  if (output.length > maxChars) throw new TemplateError(`renders to more than ${maxChars} characters`);
  return output;
}

/** Caches what `parse` returns, by the text. An edited template is another text, so nothing needs invalidation. */
export function cacheParsed<T extends object>(parse: (text: string) => T): (text: string) => T {
  const cache = new LRUCache<string, T>({ max: KEPT_TEMPLATES });
  return (text) => {
    let parsed = cache.get(text);
    if (parsed === undefined) {
      parsed = parse(text);
      cache.set(text, parsed);
    }
    return parsed;
  };
}
