import { suggestName } from '../../content/nearest-name.ts';
import { AGENT_DESK } from '../../domain/candidate.ts';
import type { ChannelDef } from '../../domain/definition.ts';
import type { WorkspaceSource } from '../source/workspace-schema.ts';
import type { CompileContext } from './context.ts';
import type { Channels } from './declared-names.ts';

/** Every workspace has these. workspace.yaml can't declare them. */
export const BUILT_IN_CHANNELS: Record<string, ChannelDef> = {
  email: { via: 'email', address: 'email' },
  [AGENT_DESK]: { via: 'desk', address: null },
};

/** Compiles the channels of workspace.yaml. Providers of every kind get plain text, as a webhook does. */
export function compileChannels(channels: WorkspaceSource['channels']): Record<string, ChannelDef> {
  return Object.fromEntries(
    Object.entries(channels).map(([id, { via, address }]) => [
      id,
      { via: via === 'provider' ? 'webhook' : via, address: address ?? null },
    ]),
  );
}

/** All channels that definitions can name: the built-in ones and those that workspace.yaml declares. */
export function listChannels({ channels }: WorkspaceSource): Channels {
  return new Map([
    ...Object.entries(BUILT_IN_CHANNELS),
    ...Object.entries(compileChannels(channels)).filter(([id]) => !Object.hasOwn(BUILT_IN_CHANNELS, id)),
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
