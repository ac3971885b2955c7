import express, { type Request, type Response, Router } from 'express';
import { PREFERENCE_PAGE_SOURCE } from '../../domain/customer/consent.ts';
import { EVENT } from '../../domain/event.ts';
import { iso } from '../../domain/time/time.ts';
import type { Api } from '../frame/operation.ts';
import { appendChoices, toConsentEvents } from './append-choices.ts';
import { computeStatements, formatCellName, listCells } from './choices.ts';
import { renderMailedLinkPage, renderOldLinkPage } from './link-pages.ts';
import type { MailAnswer, MailLink } from './mail-link.ts';
import { sendPage } from './page.ts';
import {
  FORM_ACTIONS,
  renderAskErasurePage,
  renderErasureAnswerPage,
  renderPreferencesPage,
} from './preferences-page.ts';
import type { PageOwner } from './read-visitor.ts';
import { renderDonePage, withdrawAllMarketing } from './unsubscribe-routes.ts';
import { createLoadOwner, handlePageErrors } from './visit.ts';

const FORM_LIMIT = '128kb';
const FORM_FIELDS = 2_000;
type Form = Record<string, string | string[] | undefined>;

/**
 * The preference centre (E-5). The link is the authority, so no other site can send its forms without knowing it; and
 * only a POST changes anything.
 */
export function preferenceRoutes(api: Api, mailLink: MailLink): Router {
  const router = Router();
  const visit = createLoadOwner(api, 'preferences', () => 410);
  const readForm = express.urlencoded({ extended: false, limit: FORM_LIMIT, parameterLimit: FORM_FIELDS });

  router.get('/preferences/:token', async (req, res) => {
    const owner = await visit(req, res);
    if (!owner) return;
    if (owner.isLinkOld) return sendPage(res, 410, renderOldLinkPage(owner));
    sendPage(res, 200, renderPreferencesPage(owner, req.query.saved === undefined ? null : 'saved'));
  });

  router.post('/preferences/:token', async (req, res) => {
    const owner = await visit(req, res);
    if (!owner) return;
    const form = await readBody(req, res);
    if (owner.isLinkOld) return applyToOldLink(res, owner, form);
    const done = form === null ? 'failed' : await applyForm(api, owner, form, mailLink);
    if (done === 'ask') sendPage(res, 200, renderAskErasurePage(owner));
    else if (done === 'mailed' || done === 'no_mail')
      sendPage(res, 200, renderErasureAnswerPage(owner, done === 'mailed'));
    else if (done === 'failed') sendPage(res, 400, renderPreferencesPage(owner, 'failed'));
    // Redirects, so that reloading sends nothing twice. The target is relative: a proxy may add a path prefix.
    else res.set('Cache-Control', 'no-store').redirect(303, '?saved=1');
  });
  router.use('/preferences', handlePageErrors(api));
  return router;

  /** Withdraws consents or mails a new link: an old link may do nothing else. */
  async function applyToOldLink(res: Response, owner: PageOwner, form: Form | null): Promise<void> {
    if (form?.do === FORM_ACTIONS.stop) {
      await applyForm(api, owner, form, mailLink);
      return sendPage(res, 200, renderDonePage(owner, true));
    }
    if (form?.do !== FORM_ACTIONS.requestLink) return sendPage(res, 410, renderOldLinkPage(owner));
    sendPage(res, 200, renderMailedLinkPage(owner, (await mailLink('preferences', owner)) === 'mailed'));
  }

  /** Null if the body is no form, or is larger than any form of the page. */
  function readBody(req: Request, res: Response): Promise<Form | null> {
    return new Promise((resolve) => {
      readForm(req, res, (error?: unknown) =>
        resolve(error ? null : ((req.body as Form | undefined) ?? null)),
      );
    });
  }
}

/** Applies a form. */
async function applyForm(
  api: Api,
  owner: PageOwner,
  form: Form,
  mailLink: MailLink,
): Promise<'saved' | 'ask' | MailAnswer> {
  switch (form.do) {
    case FORM_ACTIONS.topics:
      await appendChoices(api, owner, toConsentEvents(computeChoices(owner, form), PREFERENCE_PAGE_SOURCE));
      return 'saved';
    case FORM_ACTIONS.stop:
      await appendChoices(api, owner, toConsentEvents(withdrawAllMarketing(owner), PREFERENCE_PAGE_SOURCE));
      return 'saved';
    case FORM_ACTIONS.snooze:
    case FORM_ACTIONS.wake: {
      const until = form.do === FORM_ACTIONS.wake ? null : computeSnoozeEnd(owner, form.for);
      if (until === undefined) return 'failed';
      await appendChoices(api, owner, [{ name: EVENT.snoozed, properties: { until } }]);
      return 'saved';
    }
    case FORM_ACTIONS.personalisation: {
      if (typeof form.level !== 'string' || !/^[0-3]$/.test(form.level)) return 'failed';
      const properties = { personalisation: Number(form.level) };
      await appendChoices(api, owner, [{ name: EVENT.preferencesChanged, properties }]);
      return 'saved';
    }
    case FORM_ACTIONS.erase:
      return 'ask';
    case FORM_ACTIONS.requestErasure:
      return mailLink('erase', owner);
    default:
      return 'failed';
  }
}

/** The statements for the boxes that were shown and still exist. */
function computeChoices(owner: PageOwner, form: Form) {
  const shown = new Set(toList(form.shown));
  const cells = listCells(owner.bundle).filter((cell) => shown.has(formatCellName(cell)));
  return computeStatements(cells, new Set(toList(form.on)), owner.consents);
}

function toList(value: Form[string]): string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** The end of a snooze. Undefined: the workspace does not offer this length. */
function computeSnoozeEnd({ bundle, now }: PageOwner, length: Form[string]): string | undefined {
  const offered = bundle?.workspace.snooze.find((duration) => String(duration) === length);
  return offered === undefined ? undefined : iso(now + offered);
}
