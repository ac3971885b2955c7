import type { Liquid } from 'liquidjs';
import { suggestName } from './nearest-name.ts';
import { TemplateError } from './template-error.ts';

const POSITION = /, line:(\d+), col:(\d+)$/;

/**
 * What Liquid says about a template, with the line of the file.
 *
 * @param linesAbove the lines of the file above the text that Liquid has read; null where its lines are not those of the
 *   file, as in compiled MJML: then no line is named
 * @param engine knows the filters and tags that a misspelt one may mean
 */
export function toTemplateError(error: unknown, linesAbove: number | null, engine: Liquid): TemplateError {
  const message = firstLine(error).replace(POSITION, (_, line: string, column: string) =>
    linesAbove === null ? '' : `, line:${Number(line) + linesAbove}, col:${column}`,
  );
  return new TemplateError(`Liquid: ${message}${suggest(message, engine)}`);
}

function suggest(message: string, { filters, tags }: Liquid): string {
  const filter = /undefined filter: ([^\s,]+)/.exec(message)?.[1];
  if (filter !== undefined) return suggestName(filter, Object.keys(filters));
  const tag = /tag "([^"]+)" not found/.exec(message)?.[1];
  return tag === undefined ? '' : suggestName(tag, Object.keys(tags));
}

/** The message without the excerpt of the template that Liquid appends. */
function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] as string;
}
