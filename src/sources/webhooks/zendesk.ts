import { readTime } from '../../domain/time/read-time.ts';
import { checkHelpDeskSettings, digest, readOwnId } from './help-desk.ts';
import { hasHmac, readHeader } from './hmac.ts';
import { expectField } from './json-body.ts';
import { checkSignedTime } from './replay-window.ts';
import { readTemplateBody } from './template-body.ts';
import { refuseSignature, type Verification, type WebhookKind, type WebhookRequest } from './webhook-kind.ts';
import { isZendeskEvent, readZendeskEvent } from './zendesk-event.ts';
import { zendeskSetup } from './zendesk-setup.ts';
import { readZendeskTrigger } from './zendesk-trigger.ts';

const SIGNATURE = 'x-zendesk-webhook-signature';
const SIGNED_AT = 'x-zendesk-webhook-signature-timestamp';
const INVOCATION = 'x-zendesk-webhook-invocation-id';

/** What Zendesk signs a test with before the webhook exists. It is in its documentation, so it proves nothing. */
const TEST_SECRET = 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==';

const REFUSED = refuseSignature(SIGNATURE);

/**
 * Zendesk: webhooks that are subscribed to events, and webhooks of triggers whose body is our template. A webhook is one
 * or the other; a source may have both, with a secret each.
 */
export const zendesk: WebhookKind = {
  id: 'zendesk',
  name: 'Zendesk',
  keptHeaders: [SIGNED_AT, INVOCATION],
  verify,
  read(request, source) {
    const body = readTemplateBody(request.body);
    const invocation = readOwnId(readHeader(request.headers, INVOCATION));
    if (body === undefined)
      return expectField('the body', 'a JSON object', request.body.toString(), invocation);
    if (isZendeskEvent(body)) return readZendeskEvent(body, source);
    return readZendeskTrigger(body, source, {
      id: invocation ?? digest(request.body.toString()),
      signedAt: readTime(readHeader(request.headers, SIGNED_AT)),
    });
  },
  checkSettings: checkHelpDeskSettings,
  setup: zendeskSetup,
};

function verify(request: WebhookRequest, secrets: readonly string[]): Verification {
  const signature = readHeader(request.headers, SIGNATURE);
  const signedAt = readHeader(request.headers, SIGNED_AT);
  if (signature === undefined || signedAt === undefined) return REFUSED;
  const isSignedWith = (keys: readonly string[]) =>
    hasHmac({ algorithm: 'sha256', encoding: 'base64' }, [signedAt, request.body], [signature], keys);
  if (isSignedWith(secrets)) {
    const at = readTime(signedAt);
    return at === undefined ? REFUSED : checkSignedTime(at, request.receivedAt);
  }
  return isSignedWith([TEST_SECRET]) ? { kind: 'ping' } : REFUSED;
}
