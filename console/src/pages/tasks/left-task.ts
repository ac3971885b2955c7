/** The case that was open last. The list gives the focus back to it, because its row is another one by then. */
let left: string | null = null;

/** Notes that a case is closed. */
export function leaveTask(id: string): void {
  left = id;
}

/** Puts the focus on the row of the case that was left, unless something else has it. */
export function focusLeftTask(list: Element): void {
  const row = left === null ? null : list.querySelector(`[data-task="${CSS.escape(left)}"]`);
  left = null;
  if (row instanceof HTMLElement && document.activeElement === document.body) row.focus();
}
