import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { type MessagePreview, previewMessage } from '../../app/content/preview-message.ts';
import { normaliseEmailAddress } from '../../domain/customer/email-address.ts';
import { maySendTest, refuseSender } from '../../domain/sending-permissions.ts';
import { readLocale } from '../../domain/values/locale.ts';
import { resolveReference } from '../customers/customer-ref.ts';
import { HttpError } from '../frame/http-error.ts';
import { type Call, defineOperation, type Operation } from '../frame/operation.ts';
import { createRateLimit } from '../frame/rate-limit.ts';
import { contentPreview, previewBody, testSendBody, testSent } from './schema.ts';
import { toPreviewView } from './view.ts';

const tag = 'Configuration';

/** Per workspace: a person looks at a mail, and no program sends by it. */
const TESTS_PER_SECOND = 0.5;
const limitTests = createRateLimit(TESTS_PER_SECOND);

/** Messages as customers would get them. */
export const contentOperations: Operation[] = [
  defineOperation({
    id: 'previewContent',
    method: 'post',
    path: '/v1/content/preview',
    tag,
    summary: "An action's message as a customer would get it. Sends nothing, and issues no coupon",
    scope: 'read',
    body: previewBody,
    bodyLimit: '5mb',
    replies: { 200: { description: 'The message', schema: contentPreview } },
    problems: [404, 410, 413, 422],
    async handle(call) {
      return { body: toPreviewView(await preview(call)) };
    },
  }),
  defineOperation({
    id: 'sendTest',
    method: 'post',
    path: '/v1/content/test-send',
    tag,
    summary: 'Send the preview of a mail to an address of the team. It is no contact of the customer',
    scope: 'act',
    alsoNeeds: 'read',
    body: testSendBody,
    bodyLimit: '5mb',
    replies: { 200: { description: 'It was sent', schema: testSent } },
    problems: [404, 410, 413, 422, 429],
    async handle(call) {
      const { api, workspace, key, body } = call;
      const to = checkRecipient(call);
      const { subject, html, text, channel, bundle } = await preview(call);
      const wait = limitTests(workspace, 1);
      if (wait > 0)
        throw new HttpError(429, 'too_many_requests', 'too many test mails of this workspace', {
          headers: { 'Retry-After': String(wait) },
        });
      if (channel !== 'email') throw new HttpError(400, 'invalid_request', 'only mails are sent as a test');
      const { sender } = bundle.workspace;
      const refusal = api.deps.config.permissions
        ? refuseSender(api.deps.config.permissions, workspace, sender.email)
        : null;
      if (refusal !== null) throw new HttpError(403, 'sender_not_permitted', refusal);
      const marked = `[Test] ${subject ?? ''}`;
      const mail = { id: `test-${randomUUID()}`, workspace, to, from: sender, subject: marked, html, text };
      if (!(await api.deps.sendMail?.(mail)))
        throw new HttpError(503, 'mail_unavailable', 'the mail could not be sent');
      api.deps.log.info(
        { workspace, key: key.id, action: body.action, mail: mail.id },
        'a test mail was sent',
      );
      return { body: { to, subject: marked } };
    },
  }),
];

type PreviewCall = Pick<Call<unknown, z.output<typeof previewBody>>, 'api' | 'key' | 'workspace' | 'body'>;

/** @throws HttpError; UseCaseError */
async function preview({ api, key, workspace, body }: PreviewCall): Promise<MessagePreview> {
  if (body.files && !key.scopes.includes('configure'))
    throw new HttpError(403, 'missing_scope', 'this needs a key with the scope configure');
  const { customer, locale, files = null, ...rest } = body;
  const requested = locale === undefined ? undefined : readLocale(locale);
  if (locale !== undefined && requested === undefined)
    throw new HttpError(400, 'invalid_request', `locale: '${locale}' names no language`);
  const customerId = customer === undefined ? null : await resolveReference(api.deps.db, workspace, customer);
  const deps = {
    ...api.decisionServices,
    compiler: api.deps.compiler,
    renderer: api.renderer,
    publicUrl: api.deps.config.publicUrl,
  };
  return previewMessage(deps, { workspace, customerId, locale: requested, files, ...rest });
}

/** @throws HttpError 403 for an address that the operator does not permit */
function checkRecipient({ api, body }: Call<unknown, z.output<typeof testSendBody>>): string {
  const to = normaliseEmailAddress(body.to);
  if (to === undefined) throw new HttpError(400, 'invalid_request', 'to: must be an e-mail address');
  if (maySendTest(api.deps.config.testRecipients ?? [], to)) return to;
  throw new HttpError(
    403,
    'recipient_not_permitted',
    `${to} is none of the addresses that TEST_RECIPIENTS permits`,
  );
}
