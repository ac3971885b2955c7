import { setImmediate } from 'node:timers/promises';
import type { Mistake } from 'mjml';
import { BoundedCache } from '../../domain/values/bounded-cache.ts';
import { splitFrontMatter } from '../front-matter.ts';
import { createEngines, parseEmail, TemplateError } from '../template.ts';
import { checkMjmlStructure } from './check-structure.ts';
import { countLineBreaks, type MaskedLiquid, maskLiquid } from './mask-liquid.ts';

/** A file of a bundle. */
interface SourceFile {
  path: string;
  text: string;
}

/** Of an `.mjml` file: its front matter and the HTML with the Liquid still in it, or why it can't be compiled. */
type MjmlResult = { compiled: string } | { problems: string[] };

/**
 * Every mistake that MJML finds is an error, and nothing is read from disk. `fonts` is empty because MJML would otherwise
 * link fonts of a third party, which the reader's mail program fetches. A template names its fonts with `mj-font`.
 */
const OPTIONS = { validationLevel: 'strict', ignoreIncludes: true, fonts: {}, keepComments: true } as const;

/** Far above what a mail needs. A text of this length takes about half a second to compile, an ordinary mail 20 ms. */
const MAX_CHARS = 60_000;
const COMMENT = /<!--[\s\S]*?-->/g;
const KEPT_RESULTS = 500;
const engines = createEngines();
/** By the file's text. A bundle is compiled for its preview and again when it is applied, and few files change. */
const results = new BoundedCache<MjmlResult>({
  maxEntries: KEPT_RESULTS,
  maxChars: 5_000_000,
  maxKeyChars: MAX_CHARS,
});

/**
 * Compiles each `.mjml` file to HTML, when a bundle is applied. The HTML is stored with the bundle's version. So the
 * author sees every mistake, the worker needs no compiler, and the mails of a version never change. A `compiled` that
 * the files bring along is ignored.
 */
export async function compileMjml(
  files: readonly SourceFile[],
  onFile: (path: string) => void = () => {},
): Promise<(SourceFile & { compiled?: string; problems?: string[] })[]> {
  const compiled: (SourceFile & { compiled?: string; problems?: string[] })[] = [];
  for (const { path, text } of files) {
    if (path.endsWith('.mjml')) onFile(path);
    compiled.push({ path, text, ...(path.endsWith('.mjml') ? await compileCached(text) : {}) });
  }
  return compiled;
}

async function compileCached(text: string): Promise<MjmlResult> {
  const cached = results.get(text);
  if (cached) return cached;
  const result = await compile(text);
  results.set(text, result);
  return result;
}

/**
 * MJML would misread Liquid, so each tag and output is replaced by a mark before MJML compiles the text, and put back
 * afterwards. Liquid runs on the HTML at each sending, and escapes what it inserts.
 */
async function compile(text: string): Promise<MjmlResult> {
  if (text.length > MAX_CHARS) return { problems: [`MJML: longer than ${MAX_CHARS} characters`] };
  let parts: ReturnType<typeof splitFrontMatter>;
  try {
    parseEmail(text, engines);
    parts = splitFrontMatter(text);
  } catch (error) {
    if (error instanceof TemplateError) return { problems: [error.message] };
    throw error;
  }
  const masked = maskLiquid(parts.body);
  const linesAbove = countLineBreaks(parts.head);
  const describe = (line: number, message: string) =>
    `MJML, line ${linesAbove + line}: ${masked.restore(message)}`;
  const mistake = checkMjmlStructure(masked.text);
  if (mistake) return { problems: [describe(masked.toSourceLine(mistake.line), mistake.message)] };
  const result = await toHtml(masked, describe);
  if ('problems' in result) return result;
  // Liquid in a comment may be dropped with the comment.
  const lost = masked.findLost(result.html + (masked.text.match(COMMENT) ?? []).join(''));
  if (lost.length > 0)
    return { problems: lost.map(({ liquid, line }) => describe(line, `${liquid} would be left out`)) };
  return { compiled: parts.head + masked.restore(result.html) };
}

async function toHtml(
  masked: MaskedLiquid,
  describe: (line: number, message: string) => string,
): Promise<{ html: string } | { problems: string[] }> {
  // Loading MJML takes long, and most processes never need it.
  const { default: mjml } = await import('mjml');
  // MJML blocks the process although it returns a promise. Other requests get their turn between two mails.
  await setImmediate();
  try {
    return await mjml(masked.text, OPTIONS);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { errors } = error as { errors?: Mistake[] };
    return {
      problems: errors?.map(({ line, tagName, message }) =>
        describe(masked.toSourceLine(line), `<${tagName}>: ${message.trim()}`),
      ) ?? [`MJML: ${error.message.split('\n')[0]}`],
    };
  }
}
