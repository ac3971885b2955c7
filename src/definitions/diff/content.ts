import { diffLines } from 'diff';
import { splitFrontMatter } from '../../content/front-matter.ts';
import { TemplateError } from '../../content/template-error.ts';
import type { BundleFile } from '../source/bundle-file.ts';
import type { OnFile } from '../source/read-sources.ts';
import { CONTENT } from './consequences.ts';
import type { BundleEdit } from './edit.ts';

/**
 * Lists the content files that an edit adds, changes and removes: with the old and new subject, and how many lines
 * differ.
 */
export function diffContent(
  before: readonly BundleFile[],
  after: readonly BundleFile[],
  onFile: OnFile = () => {},
): BundleEdit[] {
  const textsBefore = readTexts(before);
  const textsAfter = readTexts(after);
  const paths = [...new Set([...textsBefore.keys(), ...textsAfter.keys()])].sort();
  return paths.flatMap((path): BundleEdit[] => {
    onFile(path);
    const [previous, text] = [textsBefore.get(path), textsAfter.get(path)];
    if (previous === text) return [];
    const name = path.slice(CONTENT_DIR.length);
    if (previous === undefined)
      return [{ kind: 'content_added', change: `content ${name}`, consequence: CONTENT.added }];
    if (text === undefined)
      return [{ kind: 'content_removed', change: `content ${name}`, consequence: CONTENT.removed }];
    const change = `content ${name}: ${[...describeSubject(previous, text), describeLines(previous, text)].join(', ')}`;
    return [{ kind: 'content_changed', change, consequence: CONTENT.changed }];
  });
}

const CONTENT_DIR = 'content/';

function readTexts(files: readonly BundleFile[]): Map<string, string> {
  return new Map(
    files.filter(({ path }) => path.startsWith(CONTENT_DIR)).map(({ path, text }) => [path, text]),
  );
}

function describeSubject(before: string, after: string): string[] {
  const [previous, subject] = [readSubject(before), readSubject(after)];
  return previous === subject ? [] : [`subject '${previous ?? 'none'}' → '${subject ?? 'none'}'`];
}

/** Null for a text without front matter, such as a text message. */
function readSubject(text: string): string | null {
  try {
    return splitFrontMatter(text).matter.subject;
  } catch (error) {
    if (error instanceof TemplateError) return null;
    throw error;
  }
}

function describeLines(before: string, after: string): string {
  let added = 0;
  let removed = 0;
  for (const part of diffLines(before, after)) {
    if (part.added) added += part.count;
    if (part.removed) removed += part.count;
  }
  return `lines +${added} −${removed}`;
}
