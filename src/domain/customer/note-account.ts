import type { JourneyEvent } from '../event.ts';
import { NO_NOTES, type Note, writeNote } from '../note.ts';
import { isAbsent } from '../values/read-number.ts';

/** Notes a group call that names no account. A placeholder in its place has a note of its own. */
export function noteAccount({
  type,
  properties,
}: Pick<JourneyEvent, 'type' | 'properties'>): readonly Note[] {
  if (type !== 'group' || !isAbsent(properties.groupId)) return NO_NOTES;
  return [writeNote('group_without_id', 'groupId', null)];
}
