import type { CustomerMail } from '../api/frame/deps.ts';
import { createEmailChannel } from '../channels/email.ts';
import { restrictChannel } from '../channels/restrict.ts';
import type { Config } from '../config.ts';

/** Sends the mails that customers request on their pages; undefined where SMTP is not configured. */
export function createCustomerMail({
  smtpUrl,
  permissions,
}: Pick<Config, 'smtpUrl' | 'permissions'>): ((mail: CustomerMail) => Promise<boolean>) | undefined {
  if (smtpUrl === null) return undefined;
  const channel = restrictChannel(createEmailChannel(smtpUrl), permissions);
  return async ({ id, ...mail }) => {
    const { state } = await channel.send({
      ...mail,
      deliveryId: id,
      channel: 'email',
      class: 'mandatory',
      html: null,
      headers: {},
      preferencesUrl: null,
    });
    return state === 'sent' || state === 'unknown';
  };
}
