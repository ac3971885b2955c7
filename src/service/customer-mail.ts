import type { CustomerMail } from '../api/frame/deps.ts';
import { type ChannelConfig, createConfigured } from './create-channels.ts';

/** Sends the mails that customers request on their pages; undefined where e-mail is not configured. */
export function createCustomerMail(
  config: ChannelConfig,
): ((mail: CustomerMail) => Promise<boolean>) | undefined {
  const channel = createConfigured('email', config);
  if (!channel) return undefined;
  return async ({ id, html = null, ...mail }) => {
    const { state } = await channel.send({
      ...mail,
      deliveryId: id,
      channel: 'email',
      class: 'mandatory',
      html,
      headers: {},
      preferencesUrl: null,
    });
    return state === 'sent' || state === 'unknown';
  };
}
