import { useEffect, useMemo, useState } from 'react';
import { useSession } from '../../app/session.tsx';
import type { SourceFile } from '../../yaml/complete.ts';
import { applyDraft, changeDraft, type Draft } from './draft.ts';
import { loadDraft, storeDraft } from './draft-storage.ts';

export interface ActiveBundle {
  version: number;
  files: SourceFile[];
}

export interface EditorFiles {
  files: SourceFile[];
  draft: Draft | null;
  /** The browser has no room to keep the changes. */
  isUnkept: boolean;
  change(path: string, text: string | null): void;
  /** Drops all changes, or those of one file. */
  drop(path?: string): void;
  /** Goes on from the version that is active now. */
  rebase(): void;
}

/** The files of the active bundle with this tab's changes, which survive a reload. */
export function useEditorFiles(active: ActiveBundle): EditorFiles {
  const { workspace } = useSession();
  const [draft, setDraft] = useState(() => loadDraft(workspace, active.files));
  const [isUnkept, setUnkept] = useState(false);
  useEffect(() => setUnkept(!storeDraft(workspace, draft)), [workspace, draft]);
  const files = useMemo(() => applyDraft(active.files, draft), [active.files, draft]);
  return {
    files,
    draft,
    isUnkept,
    change: (path, text) =>
      setDraft((now) => changeDraft(active.files, now, { path, text, version: active.version })),
    drop: (path) =>
      setDraft((now) => {
        if (path === undefined || now === null) return null;
        const original = active.files.find((file) => file.path === path)?.text ?? null;
        return changeDraft(active.files, now, { path, text: original, version: active.version });
      }),
    rebase: () => setDraft((now) => now && { ...now, basedOn: active.version }),
  };
}
