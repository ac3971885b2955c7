import { type Request, type Response, Router } from 'express';
import { type Claimant, readClaimant } from '../../../db/customers/claimant.ts';
import { eraseCustomer } from '../../app/identity/erase-customer.ts';
import { readLinkToken } from '../../content/link-token.ts';
import type { Api } from '../frame/operation.ts';
import { createRateLimit } from '../frame/rate-limit.ts';
import { html } from './html.ts';
import { buildOwnPage } from './own-page.ts';
import { type Page, sendPage } from './page.ts';
import { handlePageErrors, readBrowserLanguage } from './visit.ts';

const REQUESTS_PER_SECOND = 5;

/** The page behind the link of a confirmation mail. Only its button erases: mail scanners follow every link. */
export function eraseRoutes(api: Api): Router {
  const router = Router();
  const limit = createRateLimit(REQUESTS_PER_SECOND);

  router.get('/erase/:token', async (req, res) => {
    const customer = await visit(req, res);
    if (!customer) return;
    const language = readBrowserLanguage(req);
    const { texts } = language;
    const { workspace, configVersion } = customer;
    const bundle =
      configVersion > 0 ? await api.deps.bundles(api.deps.db.sql, workspace, configVersion) : null;
    const body = html`<p role="alert">${texts.confirmText}</p>
<form method="post"><button class="danger">${texts.confirm}</button></form>`;
    sendPage(res, 200, buildOwnPage({ language, bundle }, texts.confirmTitle, body));
  });

  router.post('/erase/:token', async (req, res) => {
    const customer = await visit(req, res);
    if (!customer) return;
    await eraseCustomer(api.decisionServices, { ...customer, actor: 'customer' });
    api.notifyRelays();
    sendPage(res, 200, describeErased(req));
  });
  router.use('/erase', handlePageErrors(api));
  return router;

  /** The customer of a valid link; null if it has answered with a page that says why not. */
  async function visit(req: Request, res: Response): Promise<Claimant | null> {
    const { texts, lang } = readBrowserLanguage(req);
    const link = readLinkToken('erase', String(req.params.token), { ...api.deps.config, now: Date.now() });
    const id = link === null || link.isExpired ? null : link.id;
    const claimant = id === null ? null : await readClaimant(api.deps.db.sql, id);
    // After a merge the link says nothing about the other customer: it must be requested again.
    if (!claimant || (!claimant.erased && claimant.customerId !== id)) {
      sendPage(res, 404, { lang, title: texts.unknownTitle, body: html`<p>${texts.linkExpired}</p>` });
      return null;
    }
    if (claimant.erased) {
      sendPage(res, 410, describeErased(req));
      return null;
    }
    const wait = limit(claimant.customerId, 1);
    if (wait === 0) return claimant;
    res.setHeader('Retry-After', String(wait));
    sendPage(res, 429, { lang, title: texts.busyTitle, body: html`<p>${texts.busy}</p>` });
    return null;
  }
}

function describeErased(req: Request): Page {
  const { texts, lang } = readBrowserLanguage(req);
  return { lang, title: texts.erasedTitle, body: html`<p role="status">${texts.erased}</p>` };
}
