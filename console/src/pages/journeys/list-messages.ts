import type { SourceFile } from '../../yaml/complete.ts';

/** An action that has messages, and the channels that it has them for. */
export interface MessageSource {
  id: string;
  channels: string[];
}

const CONTENT = /^content\/([a-z0-9-]+)\/([a-z0-9_]+)\.[^/]+$/;

/** The actions that a bundle has content of, by id. */
export function listMessages(files: readonly SourceFile[]): MessageSource[] {
  const channels = new Map<string, Set<string>>();
  for (const { path } of files) {
    const [, action, channel] = CONTENT.exec(path) ?? [];
    if (action && channel) channels.set(action, (channels.get(action) ?? new Set()).add(channel));
  }
  return [...channels]
    .map(([id, names]) => ({ id, channels: [...names].sort() }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
