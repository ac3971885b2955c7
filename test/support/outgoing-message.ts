import type { OutgoingMessage } from '../../src/channels/channel.ts';

/** A text message, as channels are given it. Tests state what is theirs: `{ ...TEXT_MESSAGE, channel: 'push' }`. */
export const TEXT_MESSAGE: OutgoingMessage = {
  deliveryId: 'dlv_1_1_1_0',
  workspace: 'aroma',
  channel: 'sms',
  class: 'marketing',
  to: '+491701234567',
  from: { name: 'Aroma', email: 'hello@aroma.example' },
  subject: null,
  html: null,
  text: 'Happy birthday!',
  headers: {},
  preferencesUrl: null,
};
