import express, { type Request, type Response, Router } from 'express';
import { OWN_PAGE } from '../../domain/consent.ts';
import { EVENT } from '../../domain/event.ts';
import { iso } from '../../domain/time.ts';
import { erase } from '../erase.ts';
import type { Api } from '../operation.ts';
import { appendChoices, consentEvents } from '../pages/append-choice.ts';
import { cellsOf, nameOf, statementsFor } from '../pages/choices.ts';
import type { PageOwner } from '../pages/owner.ts';
import { sendPage } from '../pages/page.ts';
import { confirmPage, DO, erasedPage, preferencesPage } from '../pages/preferences-page.ts';
import { createVisit, pageErrors } from '../pages/visit.ts';
import { everything } from './unsubscribe.ts';

const FORM_LIMIT = '128kb';
const FORM_FIELDS = 2_000;
type Form = Record<string, string | string[] | undefined>;

/**
 * The preference centre (E-5). The link is the authority, so no other site can send its forms without knowing it; and
 * only a POST changes anything.
 */
export function preferenceRoutes(api: Api): Router {
  const router = Router();
  const visit = createVisit(api, () => 410);
  const readForm = express.urlencoded({ extended: false, limit: FORM_LIMIT, parameterLimit: FORM_FIELDS });

  router.get('/preferences/:token', async (req, res) => {
    const owner = await visit(req, res);
    if (owner) sendPage(res, 200, preferencesPage(owner, req.query.saved === undefined ? null : 'saved'));
  });

  router.post('/preferences/:token', async (req, res) => {
    const owner = await visit(req, res);
    if (!owner) return;
    const form = await bodyOf(req, res);
    const done = form === null ? 'failed' : await take(api, owner, form);
    if (done === 'ask') sendPage(res, 200, confirmPage(owner));
    else if (done === 'erased') sendPage(res, 200, erasedPage(owner));
    else if (done === 'failed') sendPage(res, 400, preferencesPage(owner, 'failed'));
    // So that going back or loading again sends nothing twice. Relative: we may stand behind a path of somebody else's.
    else res.set('Cache-Control', 'no-store').redirect(303, '?saved=1');
  });
  router.use('/preferences', pageErrors(api));
  return router;

  /** Null for what isn't a form, or is larger than any of ours. */
  function bodyOf(req: Request, res: Response): Promise<Form | null> {
    return new Promise((resolve) => {
      readForm(req, res, (error?: unknown) =>
        resolve(error ? null : ((req.body as Form | undefined) ?? null)),
      );
    });
  }
}

/** Does what a form asks for. */
async function take(api: Api, owner: PageOwner, form: Form): Promise<'saved' | 'failed' | 'ask' | 'erased'> {
  const { workspace, customerId } = owner;
  switch (form.do) {
    case DO.topics:
      await appendChoices(api, owner, consentEvents(chosen(owner, form), OWN_PAGE));
      return 'saved';
    case DO.stop:
      await appendChoices(api, owner, consentEvents(everything(owner), OWN_PAGE));
      return 'saved';
    case DO.snooze:
    case DO.wake: {
      const until = form.do === DO.wake ? null : snoozeEnd(owner, form.for);
      if (until === undefined) return 'failed';
      await appendChoices(api, owner, [{ name: EVENT.snoozed, properties: { until } }]);
      return 'saved';
    }
    case DO.personalisation: {
      if (typeof form.level !== 'string' || !/^[0-3]$/.test(form.level)) return 'failed';
      const properties = { personalisation: Number(form.level) };
      await appendChoices(api, owner, [{ name: EVENT.preferencesChanged, properties }]);
      return 'saved';
    }
    case DO.erase:
      return 'ask';
    case DO.eraseConfirmed:
      await erase(api, { workspace, customerId, actor: 'customer' });
      return 'erased';
    default:
      return 'failed';
  }
}

/** Of the boxes that were shown and are still there, those that were ticked. */
function chosen(owner: PageOwner, form: Form) {
  const shown = new Set(listOf(form.shown));
  const cells = cellsOf(owner.bundle).filter((cell) => shown.has(nameOf(cell)));
  return statementsFor(cells, new Set(listOf(form.on)), owner.consents);
}

function listOf(value: Form[string]): string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** Only the lengths that the workspace offers. Undefined: none of them. */
function snoozeEnd({ bundle, now }: PageOwner, length: Form[string]): string | undefined {
  const offered = bundle?.workspace.snooze.find((one) => String(one) === length);
  return offered === undefined ? undefined : iso(now + offered);
}
