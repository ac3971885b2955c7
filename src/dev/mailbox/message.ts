import PostalMime, { type Address } from 'postal-mime';

/** One message as the mailbox keeps it. `to` are the envelope's recipients, `at` is when it was taken, ISO 8601. */
export type MailboxMessage = {
  id: string;
  from: string;
  to: string[];
  subject: string;
  /** Header names in lower case; repeated ones joined by a comma. */
  headers: Record<string, string>;
  text: string;
  html: string;
  at: string;
  /** Of what came by webhook: `sms`, `push`… */
  channel?: string;
};

/** Who sent to whom on SMTP's level. */
export type Envelope = { from: string; to: string[] };

/** Parses what came over SMTP. It never throws for content: what can't be parsed is kept as text. */
export async function parseMessage(
  raw: Buffer,
  envelope: Envelope,
  id: string,
  at: string,
): Promise<MailboxMessage> {
  try {
    const mail = await PostalMime.parse(raw);
    const headers: Record<string, string> = {};
    for (const { key, value } of mail.headers)
      headers[key] = headers[key] ? `${headers[key]}, ${value}` : value;
    return {
      id,
      from: addressOf(mail.from) || envelope.from,
      to: envelope.to,
      subject: mail.subject ?? '',
      headers,
      text: mail.text ?? '',
      html: mail.html ?? '',
      at,
    };
  } catch {
    return {
      id,
      ...envelope,
      subject: '(unreadable)',
      headers: {},
      text: raw.toString('utf8'),
      html: '',
      at,
    };
  }
}

function addressOf(address: Address | undefined): string {
  if (!address?.address) return '';
  return address.name ? `${address.name} <${address.address}>` : address.address;
}
