import { NOTES } from '../domain/note.ts';
import { type Change, describeChange } from './describe-change.ts';
import { describeEvent } from './describe-event.ts';
import { describeReason } from './describe-reason.ts';
import { describeSilence, type Silence } from './describe-silence.ts';
import { type Message, message } from './message.ts';
import type { ItemMessages } from './messages.ts';
import { listParam, partsParam } from './param.ts';
import { readInstant, readText, readTexts } from './read-value.ts';

/** What could not be read of an event, as the API shows it. */
interface ItemNote {
  code: string;
  field: string;
  value: string | null;
}

/** An item of a timeline, as the API shows it. */
export interface TimelineItem {
  kind: string;
  title: string;
  at: string;
  refs: Record<string, string>;
  effects: readonly string[];
  changes: readonly Change[];
  data: Record<string, unknown>;
  notes: readonly ItemNote[];
  /** Whose login `data.actor` is. */
  actorName?: string | null;
  withheld?: Record<string, unknown>;
  /** Of a decision that holds. */
  silence?: readonly Silence[];
}

/** Outcomes of decisions that sentences know. */
export const DECISION_OUTCOMES = ['acted', 'held', 'moved', 'nothing', 'offered', 'fallback'] as const;

/** An item of a timeline, in one sentence. */
export function describeItem(item: TimelineItem): Message {
  const main = describeMain(item);
  const details = [
    ...describeFlags(item),
    // A decision lists all of its changes. An event would list those that it caused once more.
    ...(item.kind === 'decision' ? item.changes.filter(isShown).map(describeChange) : []),
    ...item.notes.map(describeNote),
  ];
  return details.length === 0
    ? main
    : message('item.with', { main: partsParam(main), details: { parts: details } });
}

/** The end of a journey is a change of its own. */
function isShown({ kind, to }: Change): boolean {
  return kind !== 'moved' || to !== 'exit';
}

function describeMain(item: TimelineItem): Message {
  switch (item.kind) {
    case 'decision':
      return describeDecision(item);
    case 'delivery':
      return describeDelivery(item);
    case 'task':
      return describeTask(item);
    default:
      return describeEvent(item.title, item.actorName ? { ...item.data, actor: item.actorName } : item.data);
  }
}

function describeDecision({ title, data, silence = [] }: TimelineItem): Message {
  const reasons = describeSilence(silence);
  const actions = listParam(readTexts(data.chosen));
  const outcome = data.outcome as (typeof DECISION_OUTCOMES)[number];
  switch (outcome) {
    case 'acted':
      return message('decision.acted', { actions });
    case 'held':
      return message('decision.held', { reasons: reasons.length > 0 ? { parts: reasons } : null });
    case 'moved':
      return message('decision.moved', {});
    case 'nothing':
      return message('decision.nothing', {});
    case 'offered':
      return message('decision.offered', { actions });
    case 'fallback':
      return message('decision.fallback', { actions });
    default:
      outcome satisfies never;
      return message('item.other', { title });
  }
}

/** States of deliveries by what a sentence needs besides action and channel. */
const WITH_ERROR: readonly unknown[] = ['failed', 'unknown'];
const PLAIN: readonly unknown[] = ['held', 'sending', 'sent'];

function describeDelivery({ title, at, data }: TimelineItem): Message {
  const { state } = data;
  const effect = { action: readText(data.action) ?? '?', channel: readText(data.channel) };
  const error = readText(data.error);
  if (state === 'planned')
    return message('delivery.planned', { ...effect, at: { time: readInstant(at) ?? 0 } });
  if (state === 'cancelled') {
    const reason = error === null ? null : partsParam(describeReason(error));
    return message('delivery.cancelled', { ...effect, reason });
  }
  if (PLAIN.includes(state)) return { code: `delivery.${state}`, params: effect } as Message;
  if (WITH_ERROR.includes(state))
    return { code: `delivery.${state}`, params: { ...effect, error } } as Message;
  return message('item.other', { title });
}

const TASKS = {
  planned: 'task.planned',
  open: 'task.open',
  acknowledged: 'task.acknowledged',
  resolved: 'task.resolved',
  expired: 'task.expired',
  withdrawn: 'task.withdrawn',
} as const satisfies Record<string, keyof ItemMessages>;

function describeTask({ title, data }: TimelineItem): Message {
  const state = readText(data.state) ?? '';
  const code = Object.hasOwn(TASKS, state) ? TASKS[state as keyof typeof TASKS] : undefined;
  if (code === undefined) return message('item.other', { title });
  return message(code, { action: readText(data.action) ?? '?' });
}

function describeFlags({ effects, refs, withheld }: TimelineItem): Message[] {
  const count = Object.keys(withheld ?? {}).length;
  return [
    ...(effects.includes('repeated') ? [message('flag.repeated', {})] : []),
    ...(effects.includes('suppressed') ? [message('flag.suppressed', {})] : []),
    ...(refs.memberId === undefined ? [] : [message('flag.member', { member: refs.memberId })]),
    ...(count > 0 ? [message('flag.withheld', { count })] : []),
  ];
}

/** What could not be read of an event, in one sentence. */
function describeNote({ code, field, value }: ItemNote): Message {
  const meaning = Object.hasOwn(NOTES, code)
    ? ({ code: `note.${code}`, params: {} } as Message)
    : message('reason.text', { text: code });
  return message('note.about', { field, value, meaning: partsParam(meaning) });
}
