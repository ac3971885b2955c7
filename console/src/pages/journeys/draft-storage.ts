import { takeDraft } from '../../edit-draft/edit-draft.ts';
import type { SourceFile } from '../../yaml/complete.ts';
import type { Draft } from './draft.ts';

const keyOf = (workspace: string) => `throughline.draft.${workspace}`;

/** The draft of this browser tab: one that another page hands over, or what was not applied before. */
export function loadDraft(workspace: string, active: readonly SourceFile[]): Draft | null {
  const offered = takeDraft();
  if (offered) {
    const texts = new Map(active.map(({ path, text }) => [path, text]));
    const changed = offered.files.filter(({ path, text }) => texts.get(path) !== text);
    return {
      basedOn: offered.basedOn,
      changed: Object.fromEntries(changed.map(({ path, text }) => [path, text])),
    };
  }
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(keyOf(workspace)) ?? 'null');
    return isDraft(stored) ? stored : null;
  } catch {
    return null;
  }
}

/** Keeps the draft in this tab. Returns whether the browser has room for it. */
export function storeDraft(workspace: string, draft: Draft | null): boolean {
  try {
    if (draft === null) sessionStorage.removeItem(keyOf(workspace));
    else sessionStorage.setItem(keyOf(workspace), JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false;
  const { basedOn, changed } = value as Record<string, unknown>;
  if (typeof basedOn !== 'number' || typeof changed !== 'object' || changed === null) return false;
  return Object.values(changed).every((text) => text === null || typeof text === 'string');
}
