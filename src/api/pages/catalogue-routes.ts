import { Router } from 'express';
import { readCustomerCoupon } from '../../../db/coupons/read-coupon.ts';
import { appendCommands, buildEvent } from '../../app/commands/append-commands.ts';
import { EVENT } from '../../domain/event.ts';
import { HOUR } from '../../domain/time/time.ts';
import type { Api } from '../frame/operation.ts';
import { renderCataloguePage } from './catalogue-page.ts';
import { buildCatalogueView, type CatalogueView } from './catalogue-view.ts';
import { isAutomatic } from './is-automatic.ts';
import { sendPage } from './page.ts';
import type { PageOwner } from './read-visitor.ts';
import { createLoadOwner, describeUnknownLink, handlePageErrors } from './visit.ts';

/** Products that an event names. */
const NAMED_PRODUCTS = 12;

/** The catalogue behind the link of a message (D-10). A GET changes nothing but the log. */
export function catalogueRoutes(api: Api): Router {
  const router = Router();
  const loadOwner = createLoadOwner(api, 'catalogue', () => 410);
  router.get('/catalogue/:token', async (req, res) => {
    const owner = await loadOwner(req, res);
    if (!owner) return;
    const catalogue = owner.bundle?.catalogue;
    if (!catalogue) return sendPage(res, 404, describeUnknownLink(req));
    const { couponId } = owner.about;
    const coupon =
      couponId === null || owner.isLinkOld
        ? null
        : await readCustomerCoupon(api.deps.db.sql, owner.customerId, couponId);
    const view = buildCatalogueView(owner, catalogue, coupon);
    if (!owner.isLinkOld && !isAutomatic('clicked', req)) await recordVisit(api, owner, view);
    sendPage(res, 200, renderCataloguePage(owner, catalogue, view));
  });
  router.use('/catalogue', handlePageErrors(api));
  return router;
}

/** One event for the visits of an hour. A page is shown also while the log cannot be written. */
async function recordVisit(api: Api, owner: PageOwner, { products, isPersonal, coupon }: CatalogueView) {
  const { workspace, customerId, about } = owner;
  const messageId = `throughline/catalogue/${owner.linkId}/${Math.floor(Date.now() / HOUR)}`;
  const properties = {
    ...(about.deliveryId === null ? {} : { delivery_id: about.deliveryId }),
    ...(about.action === null ? {} : { action: about.action }),
    personalised: isPersonal,
    products: products.slice(0, NAMED_PRODUCTS).map(({ product }) => product.id),
    ...(coupon ? { coupon: coupon.state } : {}),
  };
  const event = buildEvent({ workspace, messageId }, customerId, EVENT.catalogueViewed, properties);
  try {
    await appendCommands(api.decisionServices, [event]);
    api.notifyRelays();
  } catch (error) {
    api.deps.log.warn({ err: error }, 'a visit of the catalogue could not be recorded');
  }
}
