import { refuseChannel, refuseSender, type SendingPermissions } from '../domain/sending-permissions.ts';
import type { Channel } from './channel.ts';

/**
 * A channel that sends only what the operator permits the message's workspace. The bundle of a workspace names its
 * sender and its channels, and its authors may be strangers to the other workspaces. A refused delivery fails at once.
 */
export function restrictChannel(channel: Channel, permissions: SendingPermissions): Channel {
  return {
    ...channel,
    async send(message) {
      const { workspace, from } = message;
      const refusal =
        refuseChannel(permissions, workspace, channel.id) ?? refuseSender(permissions, workspace, from.email);
      return refusal === null ? channel.send(message) : { state: 'failed', error: refusal, suppress: false };
    },
  };
}
