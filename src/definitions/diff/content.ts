import { createTwoFilesPatch, diffLines } from 'diff';
import { readBlockName } from '../../content/block-name.ts';
import { readContentName } from '../../content/content-name.ts';
import { splitFrontMatter } from '../../content/front-matter.ts';
import { TemplateError } from '../../content/template-error.ts';
import type { BundleFile } from '../source/bundle-file.ts';
import type { OnFile } from '../source/read-sources.ts';
import { CONTENT } from './consequences.ts';
import type { BundleEdit } from './edit.ts';

/** Of the unified diff of one file. */
const MAX_DIFF = 4_000;

/**
 * Lists the content files that an edit adds, changes and removes: of which action, channel and locale, with the old and new
 * subject, how many lines differ, and what differs in them. An edit of a block names the actions whose messages have it.
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
    const parts = { ...readParts(path), diff: createDiff(previous ?? '', text ?? '') };
    const block = readBlockName(path)?.block;
    const users = block === undefined ? '' : describeUsers(block, after);
    if (previous === undefined)
      return [
        { kind: 'content_added', change: `content ${name}${users}`, consequence: CONTENT.added, ...parts },
      ];
    if (text === undefined)
      return [{ kind: 'content_removed', change: `content ${name}`, consequence: CONTENT.removed, ...parts }];
    const change = `content ${name}: ${[...describeSubject(previous, text), describeLines(previous, text)].join(', ')}`;
    return [{ kind: 'content_changed', change: change + users, consequence: CONTENT.changed, ...parts }];
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

function readParts(path: string): Pick<BundleEdit, 'content'> {
  const block = readBlockName(path);
  if (block) return { content: { block: block.block, locale: block.locale, variant: null } };
  const name = readContentName(path);
  if (!name) return {};
  const { action, channel, locale, variant } = name;
  return { content: { action, channel, locale, variant } };
}

function createDiff(before: string, after: string): string {
  const [, , , , ...hunks] = createTwoFilesPatch('', '', before, after, '', '', { context: 1 }).split('\n');
  const diff = hunks.join('\n').trimEnd();
  return diff.length <= MAX_DIFF ? diff : `${diff.slice(0, MAX_DIFF)}\n…`;
}

/** `, in the mails of tip and welcome`: the actions whose contents render the block, themselves or through others. */
function describeUsers(block: string, files: readonly BundleFile[]): string {
  const uses = (name: string) => new RegExp(`\\{%-?\\s*render\\s+['"]${name}['"]|^layout: ${name}$`, 'm');
  const reached = new Set([block]);
  for (const name of reached)
    for (const { path, text } of files) {
      const other = readBlockName(path)?.block;
      if (other !== undefined && uses(name).test(text)) reached.add(other);
    }
  const patterns = [...reached].map(uses);
  const actions = files.flatMap(({ path, text }) => {
    const action = readContentName(path)?.action;
    return action !== undefined && patterns.some((pattern) => pattern.test(text)) ? action : [];
  });
  const names = [...new Set(actions)].sort();
  return names.length === 0 ? '' : `, in the messages of ${names.join(', ')}`;
}
