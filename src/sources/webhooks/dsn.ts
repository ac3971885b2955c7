import { createHash } from 'node:crypto';
import type { Receipt } from '../../domain/receipt.ts';
import { isLiveSecret, readHeader } from './hmac.ts';
import { type Fields, readJsonObject } from './json-body.ts';
import {
  buildMailReceipt,
  describeBounce,
  NOT_OURS,
  readDeliveryId,
  readOwnMessageId,
} from './mail-receipt.ts';
import { type FieldBlock, readBlocks, readMailReport } from './mail-report.ts';
import { readPassword } from './password.ts';
import {
  GENUINE,
  refuse,
  type Verification,
  type WebhookKind,
  type WebhookReading,
  type WebhookRequest,
} from './webhook-kind.ts';

/**
 * Reports that come by mail: non-delivery reports (RFC 3464) and complaints (RFC 5965). A mail server pipes each mail to
 * its bounce address here. Anybody can send mail there, so a report counts only for the address that the delivery went to.
 */
export const dsn: WebhookKind = {
  id: 'dsn',
  name: 'Bounces by mail',
  keptHeaders: [],
  prepare: readMailReport,
  verify,
  read,
  setup: {
    secret: { by: 'throughline' },
    steps: ({ url, secret }) => [
      {
        text: 'On the mail server, write this line into /etc/throughline-token:',
        paste: `Authorization: Bearer ${secret}`,
      },
      {
        text: 'Pipe the bounce address. With Postfix, in /etc/aliases, then run newaliases:',
        paste: `bounces: "|curl -sf -m 20 -H @/etc/throughline-token --data-binary @- ${url} || exit 75"`,
      },
      'Send bounces there: "returnPath" in the entry email of CHANNELS.',
    ],
  },
};

function verify({ headers }: WebhookRequest, secrets: readonly string[]): Verification {
  const authorization = readHeader(headers, 'authorization');
  const [, token] = /^bearer (\S+)$/i.exec(authorization ?? '') ?? [];
  if (isLiveSecret(token ?? readPassword(authorization), secrets)) return GENUINE;
  return refuse('the token or password of Authorization is not a secret of this source');
}

/** Reads what `readMailReport` has made of the mail. */
function read({ body: bytes, receivedAt }: WebhookRequest): WebhookReading {
  const body = readJsonObject(bytes);
  if (!body.ok) return body.unreadable;
  const report = body.value;
  const original = readBlocks(report.original)[0] ?? new Map();
  const receipts =
    typeof report.feedback === 'string'
      ? readComplaint(report, original, receivedAt)
      : readBounces(report, original, receivedAt);
  if (receipts === null) return NOT_OURS;
  if (receipts.length === 0) return { kind: 'ignored', reason: 'no final answer about the mail' };
  return { kind: 'messages', messages: receipts.map((receipt) => ({ kind: 'receipt', receipt })) };
}

/** Null if the report is not about a mail of ours. */
function readBounces(report: Fields, original: FieldBlock, receivedAt: number): Receipt[] | null {
  const [message, ...recipients] = readBlocks(report.status);
  const deliveryId = findDelivery(report, original, message?.get('original-envelope-id'));
  if (deliveryId === null) return null;
  return recipients.flatMap((fields, index): Receipt[] => {
    const action = fields.get('action')?.toLowerCase();
    const recipient =
      readAddress(fields.get('original-recipient')) ?? readAddress(fields.get('final-recipient'));
    if ((action !== 'failed' && action !== 'delivered') || recipient === undefined) return [];
    const status = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fields.get('status') ?? '')?.[0] ?? '';
    const facts =
      action === 'failed'
        ? { permanent: isInvalidAddress(status), ...describeBounce([status], fields.get('diagnostic-code')) }
        : {};
    const mail = { deliveryId, providerId: null, times: [report.date], receivedAt };
    const kind = action === 'failed' ? 'bounced' : 'delivered';
    return [{ ...buildMailReceipt(kind, { ...mail, id: mintId(report, index) }, facts), recipient }];
  });
}

/** Types of complaints that mean that the reader doesn't want the mail. */
const COMPLAINTS = ['abuse', 'fraud', 'other', 'virus'];

function readComplaint(report: Fields, original: FieldBlock, receivedAt: number): Receipt[] | null {
  const [feedback] = readBlocks(report.feedback);
  const deliveryId = findDelivery(report, original, feedback?.get('original-envelope-id'));
  if (!feedback || deliveryId === null) return null;
  const type = feedback.get('feedback-type')?.toLowerCase() ?? '';
  const recipient = readAddress(feedback.get('original-rcpt-to')) ?? readAddress(original.get('to'));
  if (!COMPLAINTS.includes(type) || recipient === undefined) return [];
  const mail = { deliveryId, providerId: null, times: [report.date], receivedAt, id: mintId(report, 0) };
  return [{ ...buildMailReceipt('complained', mail, { reason: type }), recipient }];
}

/** The delivery that a report is about: by its envelope id, or by the Message-ID of the mail that it returns or answers. */
function findDelivery(report: Fields, original: FieldBlock, envelopeId: string | undefined): string | null {
  const named = readDeliveryId(envelopeId?.trim()) ?? readOwnMessageId(original.get('message-id'));
  if (named !== null) return named;
  const answered = [report.inReplyTo, report.references].flatMap((ids) =>
    typeof ids === 'string' ? ids.split(/\s+/) : [],
  );
  return answered.map(readOwnMessageId).find((id) => id !== null) ?? null;
}

/** `rfc822; ada@example.com`, or an address with or without a name. */
function readAddress(field: string | undefined): string | undefined {
  const last = field?.split(/[\s<>;,"]/).findLast((part) => part !== '');
  return last !== undefined && /^[^@]+@[^@]+$/.test(last) ? last : undefined;
}

/**
 * Whether a status (RFC 3463) says that no mail reaches the address: it does not exist, has moved or is disabled, or its
 * domain has no server. A full mailbox, a large mail, spam and a faulty server pass.
 */
function isInvalidAddress(status: string): boolean {
  return /^5\.(0\.0|1\.(0|1|2|3|4|6|10)|2\.(0|1)|4\.4)$/.test(status);
}

/** The same report again is the same. */
function mintId({ id, ...report }: Fields, index: number): string {
  const name = typeof id === 'string' && id !== '' ? id : JSON.stringify(report);
  return `${createHash('sha256').update(name).digest('base64url').slice(0, 22)}:${index}`;
}
