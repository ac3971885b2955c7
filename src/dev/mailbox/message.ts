import PostalMime, { type Address } from 'postal-mime';

/** A message in the mailbox. `to` are the envelope's recipients, `at` is the time of receipt in ISO 8601. */
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
  /** Set for messages of a webhook channel: `sms`, `push` … */
  channel?: string;
};

/** The SMTP envelope. */
export type Envelope = { from: string; to: string[] };

/** Parses a message that arrived over SMTP. It never throws: content that cannot be parsed is kept as text. */
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
