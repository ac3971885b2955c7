import { type Request, type Response, Router } from 'express';
import { createActiveSources } from '../../app/config/active-sources.ts';
import { Unavailable } from '../../app/intake/incoming-event.ts';
import { createPayloadEvaluator } from '../../definitions/cel/payload.ts';
import type { SourceOutcome } from '../../domain/source-outcome.ts';
import { readWebhook, type WebhookOwner } from '../../sources/read-webhook.ts';
import type { ConfiguredSource } from '../../sources/source-secrets.ts';
import { hasHmac } from '../../sources/webhooks/hmac.ts';
import { findWebhookKind } from '../../sources/webhooks/kinds.ts';
import type { WebhookRequest } from '../../sources/webhooks/webhook-kind.ts';
import type { ApiDeps } from '../frame/deps.ts';
import { HttpError, notFound } from '../frame/http-error.ts';
import { createRateLimit } from '../frame/rate-limit.ts';
import { createBytesReader } from '../frame/read-bytes.ts';
import { countWebhooks } from './count-webhooks.ts';
import { noteSourceActivity } from './source-activity.ts';
import { createStoreWebhook } from './store-webhook.ts';

const PATH = '/v1/sources/:id';
const BODY_LIMIT = '512kb';
const REQUESTS_PER_SECOND = 500;
/** Vendors wait for five seconds and more. After it they send again, which is a repetition. */
const DEADLINE_MS = 4_000;
const SUCCESS = { type: 'application/json', body: '{"success":true}' };

/** `POST /v1/sources/{id}`: requests that vendors sign. `src/sources/webhooks` has a file for each kind. */
export function webhookRoutes(deps: ApiDeps): Router {
  const router = Router();
  const readBytes = createBytesReader(BODY_LIMIT);
  const findActive = createActiveSources(deps, deps.limits?.keyCacheMs);
  const limit = createRateLimit(deps.limits?.webhooksPerSecond ?? REQUESTS_PER_SECOND);
  const evaluate = createPayloadEvaluator();
  const store = createStoreWebhook(deps);
  const count = countWebhooks(deps.metrics.instruments);
  const note = noteSourceActivity(deps);
  const record = (owner: WebhookOwner, outcome: SourceOutcome, reason: string | null = null) => {
    count(owner, outcome);
    note(owner, outcome, reason);
  };

  /** The source and its kind; null for an id that is not configured, or that the active bundle doesn't have. */
  const find = async (id: string): Promise<(ConfiguredSource & WebhookOwner) | null> => {
    const configured = deps.sources?.find(id);
    if (configured === undefined) return null;
    const source = await findActive(configured.workspace, id);
    const kind = source && findWebhookKind(source.kind);
    return source && kind ? { ...configured, kind, source: { ...source, evaluate } } : null;
  };

  // Some vendors look whether there is something at the URL before they send to it.
  router.get(PATH, async (req, res) => {
    if ((await find(req.params.id)) === null) throw notFound('source');
    res.status(200).type(SUCCESS.type).send(SUCCESS.body);
  });

  router.post(PATH, async (req, res) => {
    const { id } = req.params;
    const owner = await find(id);
    const request = await readRequest(req, res);
    if (owner === null) {
      refuseUnknown(request);
      throw notFound('source');
    }
    const done = (outcome: SourceOutcome, reason: string | null = null) => {
      record(owner, outcome, reason);
      const { type, body } = owner.kind.answer ?? SUCCESS;
      res.status(200).type(type).send(body);
    };
    const verification = owner.kind.verify(request, owner.secrets, owner.source);
    if (verification.kind === 'refused') {
      record(owner, 'refused', verification.reason);
      throw new HttpError(401, verification.code, verification.reason);
    }
    if (verification.kind === 'ping')
      return done('ignored', 'a test of the URL, which proves nothing of the secret');
    const wait = limit(id, 1);
    if (wait > 0) {
      record(owner, 'limited');
      throw new HttpError(429, 'too_many_requests', 'this source sends more requests than its limit allows', {
        headers: { 'Retry-After': String(wait) },
      });
    }
    const prepared = { ...request, body: (await owner.kind.prepare?.(request.body)) ?? request.body };
    const read = readWebhook(owner, prepared);
    if (read.ignored !== null) return done('ignored', read.ignored);
    done(await withinDeadline(store(owner, prepared, read), deps.limits?.webhookMs ?? DEADLINE_MS));
  });

  const readRequest = async (req: Request, res: Response): Promise<WebhookRequest> => ({
    url: `${deps.config.publicUrl}${req.originalUrl}`,
    headers: req.headers,
    body: await readBytes(req, res),
    receivedAt: Date.now(),
  });
  return router;
}

/** As much work as a forged request to a source that exists: the time of the answer tells nothing. */
function refuseUnknown({ body }: WebhookRequest): void {
  hasHmac({ algorithm: 'sha256', encoding: 'base64' }, [body], [''], ['no source has this secret']);
}

/** @throws Unavailable if the work takes longer; it goes on, and the vendor's repetition finds it done */
async function withinDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unavailable('the database does not answer in time')), ms);
  });
  work.catch(() => {});
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
