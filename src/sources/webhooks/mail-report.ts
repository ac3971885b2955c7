import type { Attachment } from 'postal-mime';

/** The fields of one block of a report, by their names in lower case. */
export type FieldBlock = Map<string, string>;

const LONGEST_PART = 16_000;

/**
 * Takes from a mail what a report says, as JSON: the parts of the report, the headers of the mail that it returns, and what
 * it answers. Its text and the returned content are left out. Never throws.
 */
export async function readMailReport(raw: Buffer): Promise<Buffer> {
  const { default: PostalMime } = await import('postal-mime');
  try {
    const mail = await PostalMime.parse(raw, { forceRfc822Attachments: true, attachmentEncoding: 'utf8' });
    const part = (...types: string[]) =>
      toText(mail.attachments.find(({ mimeType }) => types.includes(mimeType)));
    const original = part(
      'message/rfc822',
      'message/global',
      'text/rfc822-headers',
      'message/global-headers',
    );
    return Buffer.from(
      JSON.stringify({
        id: mail.messageId,
        date: mail.date,
        inReplyTo: mail.inReplyTo,
        references: mail.references,
        status: part('message/delivery-status', 'message/global-delivery-status'),
        feedback: part('message/feedback-report'),
        original: original?.split(/\r?\n\r?\n/, 1)[0],
      }),
    );
  } catch {
    return Buffer.from('{}');
  }
}

function toText(attachment: Attachment | undefined): string | undefined {
  if (!attachment) return undefined;
  const { content } = attachment;
  return (typeof content === 'string' ? content : Buffer.from(content as ArrayBuffer).toString()).slice(
    0,
    LONGEST_PART,
  );
}

/** Reads blocks of `Name: value` with folded lines, which empty lines separate. */
export function readBlocks(text: unknown): FieldBlock[] {
  if (typeof text !== 'string') return [];
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]+/g, ' ')
    .split(/\n\s*\n/)
    .map((block) => new Map(block.split('\n').flatMap(readField)))
    .filter((block) => block.size > 0);
}

function readField(line: string): [string, string][] {
  const [, name, value] = /^([\w-]{1,80}):(.*)$/.exec(line) ?? [];
  return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value.trim()]];
}
