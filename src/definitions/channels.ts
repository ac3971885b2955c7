import { DESK } from '../domain/candidate.ts';
import type { ChannelDef } from '../domain/definition.ts';
import type { Reports } from './cel-check.ts';
import type { WorkspaceSource } from './workspace-schema.ts';

/** By id. */
export type Channels = ReadonlyMap<string, ChannelDef>;

/** They are always there, and so can't be declared. */
export const BUILT_IN: Record<string, ChannelDef> = {
  email: { via: 'email', address: 'email' },
  [DESK]: { via: 'desk', address: null },
};

/** All channels that definitions can name: the built-in ones, and those that the workspace declares. */
export function channelsOf({ channels }: WorkspaceSource): Channels {
  const declared = Object.entries(channels).map(([id, { via, address }]): [string, ChannelDef] => [
    id,
    { via, address: address ?? null },
  ]);
  return new Map([...Object.entries(BUILT_IN), ...declared.filter(([id]) => !Object.hasOwn(BUILT_IN, id))]);
}

/** Reports a channel that there isn't. */
export function checkChannel({ error, lexicon }: Reports, path: string, channel: string | undefined): void {
  const { channels } = lexicon;
  if (channel === undefined || channels === null || channels.has(channel)) return;
  error(
    path,
    `unknown channel '${channel}': use ${[...channels.keys()].join(', ')}, or declare it under channels in workspace.yaml`,
  );
}
