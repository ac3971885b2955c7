import type { Room } from '../../domain/customer/room.ts';
import type { Bundle, Interest } from '../../domain/definition.ts';
import { readReferences } from '../cel/compile-cel.ts';
import { listActionConditions, listConditions } from './conditions.ts';

type ReadingParts = Pick<Bundle, 'workspace' | 'segments' | 'journeys' | 'actions' | 'attributes'>;

/** A condition or a template that computes the name of what it reads. It gives nothing room. */
const ALL = '*';
const ACCOUNT = 'account.';

/**
 * Lists what a bundle reads of a profile: what it depends on, and besides what only real-time decisions, templates and
 * reports read. A profile is bounded, and these always have room in it.
 */
export function compileRoom(
  { workspace, segments, journeys, actions, attributes }: ReadingParts,
  interest: Interest,
): Room {
  const traits = new Set([...interest.traits, ...Object.keys(attributes)]);
  const account = new Set(Object.keys(attributes));
  const events = new Set(interest.events);
  const conditions = new Set([
    ...journeys.flatMap(listConditions),
    ...actions.flatMap(listActionConditions),
    ...[...segments, ...workspace.stages, ...workspace.ideal].flatMap(({ when }) => when ?? []),
  ]);
  for (const condition of conditions) {
    const references = readReferences(condition);
    for (const name of references.traits) traits.add(name);
    for (const name of references.account) account.add(name);
    for (const name of references.events) events.add(name);
  }
  for (const { steps } of journeys)
    for (const step of steps)
      if (step.kind === 'set') for (const name of Object.keys(step.traits)) traits.add(name);
  for (const read of actions.flatMap(({ reads }) => reads))
    if (read.startsWith(ACCOUNT)) account.add(read.slice(ACCOUNT.length));
    else traits.add(read);
  return { traits: toList(traits), account: toList(account), events: toList(events) };
}

/** Adds the room of the previous bundle, for one with pinned journeys: their enrollments go on reading it. */
export function mergePinnedRoom(room: Room, { room: older }: Partial<Pick<Bundle, 'room'>>): Room {
  if (!older) return room;
  const join = (part: keyof Room) => toList(new Set([...room[part], ...older[part]]));
  return { traits: join('traits'), account: join('account'), events: join('events') };
}

function toList(names: Set<string>): string[] {
  return [...names].filter((name) => name !== ALL).sort();
}
