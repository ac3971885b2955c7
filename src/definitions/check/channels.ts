import { suggestName } from '../../content/nearest-name.ts';
import { AGENT_DESK } from '../../domain/candidate.ts';
import type { ChannelDef } from '../../domain/definition.ts';
import { readVia, type WorkspaceSource } from '../source/workspace-schema.ts';
import type { CompileContext } from './context.ts';
import type { Channels } from './declared-names.ts';

/** Every workspace has these. workspace.yaml can't declare them. */
export const BUILT_IN_CHANNELS: Record<string, ChannelDef> = {
  email: { via: 'email', address: 'email' },
  [AGENT_DESK]: { via: 'desk', address: null },
};

/** All channels that definitions can name: the built-in ones and those that workspace.yaml declares. */
export function listChannels({ channels }: WorkspaceSource): Channels {
  const declared = Object.entries(channels).map(([id, { via, address }]): [string, ChannelDef] => [
    id,
    { via: readVia(via), address: address ?? null },
  ]);
  return new Map([
    ...Object.entries(BUILT_IN_CHANNELS),
    ...declared.filter(([id]) => !Object.hasOwn(BUILT_IN_CHANNELS, id)),
  ]);
}

/** Reports a channel that doesn't exist. */
export function checkChannel(
  { error, names }: CompileContext,
  path: string,
  channel: string | undefined,
): void {
  const { channels } = names;
  if (channel === undefined || channels === null || channels.has(channel)) return;
  error(
    path,
    `unknown channel '${channel}': use ${[...channels.keys()].join(', ')}, or declare it under channels in workspace.yaml${suggestName(channel, channels.keys())}`,
  );
}
