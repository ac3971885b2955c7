import type { WorkspaceDef } from '../definition.ts';
import type { JourneyEvent } from '../event.ts';
import { NO_NOTES, type Note, writeNote } from '../note.ts';
import { getOwn } from '../values/get-own.ts';
import { listChannels, normaliseAddress } from './address.ts';
import { readStatedTraits } from './stated-traits.ts';

/**
 * Notes the addresses of an event to which nothing can be sent. They are personal, so no note repeats them.
 * @param workspace undefined before the first bundle: then only e-mail is known
 */
export function noteAddresses(
  event: Pick<JourneyEvent, 'type' | 'traits' | 'context'>,
  workspace: WorkspaceDef | undefined,
): readonly Note[] {
  if (event.type !== 'identify' && event.context.traits === undefined) return NO_NOTES;
  const values = readStatedTraits(event);
  return listChannels(workspace).flatMap((channel) => {
    const name = channel.address;
    const value = name === null ? undefined : getOwn(values, name);
    if (name === null || value === undefined || value === null || isBlank(value)) return [];
    const isReadable = normaliseAddress(value, channel, workspace?.country) !== undefined;
    return isReadable ? [] : [writeNote('unreadable_address', `traits.${name}`, null)];
  });
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}
