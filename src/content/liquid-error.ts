import { TemplateError } from './template-error.ts';

const POSITION = /, line:(\d+), col:(\d+)$/;

/**
 * What Liquid says about a template, with the line of the file.
 *
 * @param linesAbove the lines of the file above the text that Liquid has read; null where its lines are not those of the
 *   file, as in compiled MJML: then no line is named
 */
export function toTemplateError(error: unknown, linesAbove: number | null): TemplateError {
  const message = firstLine(error).replace(POSITION, (_, line: string, column: string) =>
    linesAbove === null ? '' : `, line:${Number(line) + linesAbove}, col:${column}`,
  );
  return new TemplateError(`Liquid: ${message}`);
}

/** The message without the excerpt of the template that Liquid appends. */
function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] as string;
}
