import { getOwn } from '../domain/values/get-own.ts';

/** Providers of SMTP servers whose webhooks report about the mails. */
export const MAIL_PROVIDERS = ['sendgrid', 'postmark'] as const;
export type MailProvider = (typeof MAIL_PROVIDERS)[number];

const HOSTS: Readonly<Record<string, MailProvider>> = {
  'smtp.sendgrid.net': 'sendgrid',
  'smtp.postmarkapp.com': 'postmark',
  'smtp-broadcasts.postmarkapp.com': 'postmark',
};

/** The provider of a well-known server. */
export function findMailProvider(host: string): MailProvider | undefined {
  return getOwn(HOSTS, host.toLowerCase());
}

/** Headers by which a provider keeps the delivery's id, and returns it with each of its reports. */
export function buildProviderHeaders(provider: MailProvider, deliveryId: string): Record<string, string> {
  if (provider === 'sendgrid')
    return { 'X-SMTPAPI': JSON.stringify({ unique_args: { delivery_id: deliveryId } }) };
  return { 'X-PM-Metadata-delivery_id': deliveryId, 'X-PM-KeepID': 'true' };
}
