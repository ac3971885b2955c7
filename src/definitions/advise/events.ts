import { suggestName } from '../../content/nearest-name.ts';
import { TOUCH_EVENTS } from '../../domain/customer/touch.ts';
import type { Bundle } from '../../domain/definition.ts';
import { CALL_NAMES, classifyEvent, EVENT, isShownActionEvent, ORDER_REVERSALS } from '../../domain/event.ts';
import { isReservedName } from '../../domain/reserved-name.ts';
import type { Problem } from '../source/problem.ts';
import type { Sources } from '../source/read-sources.ts';
import { type EventUse, listEventUses } from './event-uses.ts';

/** Names of the events that a workspace has received; null where they are not known. */
export type ReceivedEvents = ReadonlySet<string> | null;

/** Events that Throughline emits itself, or reads in a way of its own: they need no declaration. */
const OWN = new Set<string>([...Object.values(EVENT), ...Object.values(CALL_NAMES)]);
const COMMERCE = [
  'Order Completed',
  'Order Updated',
  ...ORDER_REVERSALS,
  'Checkout Started',
  ...TOUCH_EVENTS,
];

/** Warns of events that a bundle names and no sender sends: misspelt, or never received. */
export function adviseEvents(
  sources: Sources,
  bundle: Pick<Bundle, 'workspace' | 'placements'>,
  received: ReceivedEvents,
): Problem[] {
  const declared = Object.keys(sources.events?.value ?? {});
  const uses = listEventUses(sources);
  const emitted = uses.filter(({ kind }) => kind === 'emit').map(({ name }) => name);
  const known = new Set([...OWN, ...COMMERCE, ...declared, ...emitted, ...(received ?? [])]);
  const advised = new Set<string>();
  const problems: Problem[] = [];
  for (const use of uses) {
    const { file, path, name } = use;
    if (use.kind === 'emit' || advised.has(name)) continue;
    const message =
      adviseWithoutSender(use, received) ??
      adviseUnknown(name, known, emitted, received) ??
      adviseUndeclared(use, declared, emitted);
    if (message === null) continue;
    advised.add(name);
    problems.push({ file, path, message });
  }
  return [...problems, ...adviseShownActions(sources, bundle)];
}

/** Names that no sender may use and Throughline does not emit: misspelt, or outcomes that no message has. */
function adviseWithoutSender({ name }: EventUse, received: ReceivedEvents): string | null {
  if (!isReservedName(name) || OWN.has(name) || received?.has(name)) return null;
  const suggestion = suggestName(name, OWN);
  if (suggestion === '' && name.startsWith('Delivery '))
    return `no channel reports '${name}': name an event that your site or shop sends`;
  return `no sender may send '${name}', and Throughline has no such event${suggestion}`;
}

function adviseUnknown(
  name: string,
  known: ReadonlySet<string>,
  emitted: readonly string[],
  received: ReceivedEvents,
): string | null {
  const isReceived = received?.has(name) || OWN.has(name) || emitted.includes(name);
  if (isReceived) return null;
  const isLogEmpty = !received || received.size === 0;
  const isKnown = known.has(name);
  if (isLogEmpty && isKnown) return null;
  const suggestion = suggestName(name, isKnown ? (received ?? []) : known);
  if (!isLogEmpty) return `'${name}' has never been received${suggestion}`;
  return suggestion === '' ? null : `'${name}' is not a known event${suggestion}`;
}

/** Without a declaration, nothing checks what conditions read of the event. */
function adviseUndeclared(
  { name, kind }: EventUse,
  declared: readonly string[],
  emitted: readonly string[],
): string | null {
  if (kind !== 'trigger' || declared.length === 0 || declared.includes(name)) return null;
  if (OWN.has(name) || emitted.includes(name) || classifyEvent(name) === 'outcome') return null;
  return `events.yaml does not declare '${name}': what conditions read of it is not checked`;
}

/** `Action …` is emitted where a placement shows the action, and `Task …` where a person carries it out. */
function adviseShownActions({ actions }: Sources, { placements }: Pick<Bundle, 'placements'>): Problem[] {
  const placed = new Set(placements.flatMap((placement) => [...placement.actions, placement.fallback]));
  return actions.flatMap(({ file, prefix, value }): Problem[] => {
    const on = value?.reward?.on;
    if (!value || on === undefined) return [];
    const path = prefix === '' ? 'reward.on' : `${prefix}.reward.on`;
    if (isShownActionEvent(on) && !placed.has(value.id))
      return [{ file, path, message: `no placement shows '${value.id}', so nothing reports '${on}' of it` }];
    if (on.startsWith('Task ') && OWN.has(on) && value.mode !== 'human')
      return [
        { file, path, message: `no person carries out '${value.id}', so nothing reports '${on}' of it` },
      ];
    return [];
  });
}
