import { type RefObject, useEffect, useRef } from 'react';
import { STEP_KEYS, type StepKind } from './steps.ts';

interface Options {
  /** The list with the links to tasks. */
  list: RefObject<HTMLElement | null>;
  /** The open case; null: none is. */
  taskId: string | null;
  open(id: string): void;
  onHelp(): void;
  onStep(step: StepKind): void;
  onBack(): void;
}

/** Where people write or choose, keys belong to them. */
const WRITING =
  'input, textarea, select, [contenteditable], [role="combobox"], [role="listbox"], [role="menu"]';

/** The keys of the desk: J and K move, C, R, E and S act on the open case. A dialog keeps all keys to itself. */
export function useDeskKeys(options: Options): void {
  const latest = useRef(options);
  latest.current = options;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTaken(event)) return;
      if (!press(event.key.toLowerCase(), latest.current)) return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
    return true;
  if (document.querySelector('[role="dialog"]')) return true;
  return event.target instanceof Element && event.target.closest(WRITING) !== null;
}

/** Whether the key means something here. */
function press(key: string, options: Options): boolean {
  const { taskId, onHelp, onStep, onBack } = options;
  if (key === '?') onHelp();
  else if (key === 'j') return move(1, options);
  else if (key === 'k') return move(-1, options);
  else if (key === 'escape' && taskId !== null) onBack();
  else {
    const step = (Object.keys(STEP_KEYS) as StepKind[]).find((kind) => STEP_KEYS[kind] === key);
    if (step === undefined || taskId === null) return false;
    onStep(step);
  }
  return true;
}

/** Puts the focus on the next task of the list. While a case is open, that one is opened. */
function move(by: 1 | -1, { list, taskId, open }: Options): boolean {
  const links = [...(list.current?.querySelectorAll<HTMLElement>('[data-task]') ?? [])];
  if (links.length === 0) return false;
  const focused = links.indexOf(document.activeElement as HTMLElement);
  const here = focused >= 0 ? focused : links.findIndex((link) => link.dataset.task === taskId);
  const next =
    here < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + by, 0), links.length - 1);
  const link = links[next];
  link?.focus();
  if (taskId !== null && link?.dataset.task) open(link.dataset.task);
  return true;
}
