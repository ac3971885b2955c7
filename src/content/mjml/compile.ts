import { setImmediate } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Mistake } from 'mjml';
import type { BundleFile } from '../../definitions/source/bundle-file.ts';
import { createEngines, parseEmail, splitFrontMatter, TemplateError } from '../template.ts';
import { checkMjmlStructure } from './check-structure.ts';
import { countLineBreaks, type MaskedLiquid, maskLiquid } from './mask-liquid.ts';

type Outcome = Pick<BundleFile, 'compiled'> | Pick<BundleFile, 'problems'>;

/**
 * All of MJML's mistakes are errors, nothing is read from disk, and no fonts are fetched from elsewhere in the reader's
 * mail program unless an `mj-font` says so: by itself the library would link those of a third party.
 */
const OPTIONS = { validationLevel: 'strict', ignoreIncludes: true, fonts: {}, keepComments: true } as const;

/** Far above what a mail needs; as much takes about half a second to compile, an ordinary mail 20 ms. */
const MOST_CHARS = 60_000;
const COMMENT = /<!--[\s\S]*?-->/g;
const KEPT = 500;
const engines = createEngines();
/** By the file's text: a bundle is compiled for its preview, then to be applied, and few of its files change. */
const outcomes = new LRUCache<string, Outcome>({ max: KEPT });

/**
 * The files, and of each `.mjml` what it was compiled into, or why it can't be: MJML becomes HTML once, when a bundle is
 * applied, and is stored with it. So every mistake is found then, the worker needs no compiler, and a version's mails
 * look the same for ever. Whatever `compiled` the files bring is made anew.
 */
export async function compileMjml(files: readonly BundleFile[]): Promise<BundleFile[]> {
  const whole: BundleFile[] = [];
  for (const { path, text } of files)
    whole.push({ path, text, ...(path.endsWith('.mjml') ? await outcomeOf(text) : {}) });
  return whole;
}

async function outcomeOf(text: string): Promise<Outcome> {
  const known = outcomes.get(text);
  if (known) return known;
  const outcome = await compile(text);
  outcomes.set(text, outcome);
  return outcome;
}

/** Liquid stands aside meanwhile. It runs on the HTML, at each sending, and escapes what it puts in. */
async function compile(text: string): Promise<Outcome> {
  if (text.length > MOST_CHARS) return { problems: [`MJML: longer than ${MOST_CHARS} characters`] };
  let parts: ReturnType<typeof splitFrontMatter>;
  try {
    parseEmail(text, engines);
    parts = splitFrontMatter(text);
  } catch (error) {
    if (error instanceof TemplateError) return { problems: [error.message] };
    throw error;
  }
  const masked = maskLiquid(parts.body);
  const above = countLineBreaks(parts.head);
  const say = (line: number, message: string) => `MJML, line ${above + line}: ${masked.restore(message)}`;
  const mistake = checkMjmlStructure(masked.text);
  if (mistake) return { problems: [say(masked.toSourceLine(mistake.line), mistake.message)] };
  const made = await toHtml(masked, say);
  if ('problems' in made) return made;
  // What is commented out may go.
  const lost = masked.findLost(made.html + (masked.text.match(COMMENT) ?? []).join(''));
  if (lost.length > 0)
    return { problems: lost.map(({ liquid, line }) => say(line, `${liquid} would be left out`)) };
  return { compiled: parts.head + masked.restore(made.html) };
}

async function toHtml(
  masked: MaskedLiquid,
  say: (line: number, message: string) => string,
): Promise<{ html: string } | { problems: string[] }> {
  // Loading it takes long, and most processes never need it.
  const { default: mjml } = await import('mjml');
  // It is asynchronous by name only: between two mails whoever else waits for this process gets their turn.
  await setImmediate();
  try {
    return await mjml(masked.text, OPTIONS);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { errors } = error as { errors?: Mistake[] };
    return {
      problems: errors?.map(({ line, tagName, message }) =>
        say(masked.toSourceLine(line), `<${tagName}>: ${message.trim()}`),
      ) ?? [`MJML: ${error.message.split('\n')[0]}`],
    };
  }
}
