/** Changed files of the bundle, on their way from one page to the editor. */
export interface EditDraft {
  /** The version that the files were changed from. */
  basedOn: number;
  /** What the draft is, in words, such as "Other weights". */
  title: string;
  files: { path: string; text: string }[];
}

const KEY = 'throughline.edit-draft';

/** Hands a draft over to `/journeys/edit`, which takes it. Returns whether the browser has room for it. */
export function offerDraft(draft: EditDraft): boolean {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** The draft that was handed over, once; null if there is none. */
export function takeDraft(): EditDraft | null {
  const text = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  return text === null ? null : readDraft(text);
}

function readDraft(text: string): EditDraft | null {
  try {
    const value: unknown = JSON.parse(text);
    return isDraft(value) ? value : null;
  } catch {
    return null;
  }
}

function isDraft(value: unknown): value is EditDraft {
  if (typeof value !== 'object' || value === null) return false;
  const { basedOn, title, files } = value as Record<string, unknown>;
  return (
    typeof basedOn === 'number' && typeof title === 'string' && Array.isArray(files) && files.every(isFile)
  );
}

function isFile(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { path, text } = value as Record<string, unknown>;
  return typeof path === 'string' && typeof text === 'string';
}
