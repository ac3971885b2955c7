import { count, type Finding, fail, ok, warn } from './finding.ts';

export interface WorkspaceFacts {
  id: string;
  /** The active bundle; 0 if there is none. */
  version: number;
  /** Keys that were not revoked. */
  keys: number;
  /** Channels by which the actions of the active bundle go out. */
  channels: string[];
}

/** The channels that the environment configures; null where it could not be read. */
export type ConfiguredChannels = readonly string[] | null;

/** Judges whether each workspace can do something. */
export function judgeWorkspaces(
  workspaces: readonly WorkspaceFacts[],
  configured: ConfiguredChannels,
): Finding[] {
  if (workspaces.length === 0)
    return [
      warn(
        'workspaces',
        'there is no workspace yet',
        'run throughline workspaces create <id> --bundle <dir>',
      ),
    ];
  return workspaces.flatMap((workspace) => {
    const { id, version, keys } = workspace;
    if (version === 0)
      return [warn('workspaces', `workspace ${id} has no bundle`, 'apply one: throughline apply <dir>')];
    return [
      keys === 0
        ? warn(
            'workspaces',
            `workspace ${id} has no key`,
            `run throughline keys create write --workspace ${id} --label <who>`,
          )
        : ok('workspaces', `workspace ${id} has version ${version} of its bundle, and ${count(keys, 'key')}`),
      ...judgeChannels(workspace, configured),
    ];
  });
}

function judgeChannels({ id, channels }: WorkspaceFacts, configured: ConfiguredChannels): Finding[] {
  if (configured === null) return [];
  return channels.flatMap((channel): Finding[] => {
    if (configured.includes(channel)) return [];
    if (channel === 'email')
      return [
        fail(
          'channels',
          `workspace ${id} sends e-mail, which is not configured: its mails fail`,
          'set SMTP_URL, or add email to CHANNELS',
        ),
      ];
    return [
      fail(
        'channels',
        `workspace ${id} sends by ${channel}, which is not configured: its messages fail`,
        `add it to CHANNELS: {"${channel}": {"kind": "…", …}}; docs/channels.md has the kinds`,
      ),
    ];
  });
}
