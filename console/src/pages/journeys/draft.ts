import type { SourceFile } from '../../yaml/complete.ts';

/** Changes to the files of a bundle that are not applied: texts by path, null for a file that is removed. */
export interface Draft {
  /** The version that was active when the first change was made. */
  basedOn: number;
  changed: Record<string, string | null>;
}

/** The files with the changes of a draft, by path. */
export function applyDraft(files: readonly SourceFile[], draft: Draft | null): SourceFile[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  for (const [path, text] of Object.entries(draft?.changed ?? {})) {
    if (text === null) texts.delete(path);
    else texts.set(path, text);
  }
  return [...texts].map(([path, text]) => ({ path, text })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The draft after one file was changed; null when nothing differs from the active files any more. */
export function changeDraft(
  files: readonly SourceFile[],
  draft: Draft | null,
  change: { path: string; text: string | null; version: number },
): Draft | null {
  const { path, text, version } = change;
  const original = files.find((file) => file.path === path)?.text ?? null;
  const { [path]: _, ...others } = draft?.changed ?? {};
  const changed = text === original ? others : { ...others, [path]: text };
  return Object.keys(changed).length === 0 ? null : { basedOn: draft?.basedOn ?? version, changed };
}
