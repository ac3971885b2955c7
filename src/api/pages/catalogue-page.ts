import { buildShopLink } from '../../content/shop-link.ts';
import { readCustomerLocale } from '../../domain/customer/profile.ts';
import type { RankedProduct } from '../../domain/customer/rank-products.ts';
import type { CatalogueDef } from '../../domain/definition.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { listLocales } from '../../domain/values/locale.ts';
import type { CatalogueView, CouponView } from './catalogue-view.ts';
import { html, type Markup } from './html.ts';
import { buildOwnPage } from './own-page.ts';
import type { Page } from './page.ts';
import type { PageOwner } from './read-visitor.ts';
import { fillTemplate, type Texts } from './texts.ts';

/** The catalogue for one customer: products, and the coupon with what became of it. */
export function renderCataloguePage(owner: PageOwner, catalogue: CatalogueDef, view: CatalogueView): Page {
  const { texts } = owner.language;
  const { coupon, products, isPersonal } = view;
  const code = coupon?.state === 'usable' ? coupon.code : null;
  const hasViewed = products.some(({ reason }) => reason !== null);
  const cards = products.map((ranked) => renderProduct(owner, catalogue, ranked, code));
  const images = products.flatMap(({ product }) => product.image ?? []);
  const title = readTitle(owner, catalogue) ?? fillTemplate(texts.catalogueTitle, { brand: owner.brand });
  const body = html`${coupon && renderCoupon(owner, catalogue, coupon)}
<p>${isPersonal && hasViewed ? texts.cataloguePersonal : texts.catalogueAll}</p>
<ul class="products">${cards}</ul>`;
  return {
    ...buildOwnPage(owner, title, body),
    imageOrigins: [...new Set(images.map((image) => new URL(image).origin))],
  };
}

/** The bundle's title in the customer's language, or in the first one of the workspace. */
function readTitle({ profile, bundle }: PageOwner, { title }: CatalogueDef): string | undefined {
  if (title === null) return undefined;
  const tags = [readCustomerLocale(profile), ...(bundle?.workspace.locales ?? [])].flatMap((tag) =>
    tag === undefined ? [] : listLocales(tag),
  );
  return [...tags, '*'].map((tag) => getOwn(title, tag)).find((text) => text !== undefined);
}

function renderCoupon({ language, bundle }: PageOwner, catalogue: CatalogueDef, coupon: CouponView): Markup {
  const { texts, lang } = language;
  const values = {
    code: coupon.code,
    percent: String(coupon.percent),
    date: new Intl.DateTimeFormat(lang, {
      dateStyle: 'long',
      timeZone: bundle?.workspace.timezone ?? 'UTC',
    }).format(coupon.expiresAt),
  };
  if (coupon.state !== 'usable')
    return html`<p role="status">${fillTemplate(texts[ENDED[coupon.state]], values)}</p>`;
  const applied = catalogue.coupon === null ? texts.couponEnter : texts.couponApplied;
  return html`<p role="status">${fillTemplate(texts.couponUsable, values)} <strong>${coupon.code}</strong>. ${applied}</p>`;
}

const ENDED: Record<Exclude<CouponView['state'], 'usable'>, keyof Texts> = {
  redeemed: 'couponRedeemed',
  expired: 'couponExpired',
  revoked: 'couponRevoked',
};

function renderProduct(
  { bundle, language: { lang, texts } }: PageOwner,
  catalogue: CatalogueDef,
  { product, reason }: RankedProduct,
  code: string | null,
): Markup {
  const { name, image, price } = product;
  const currency = bundle?.workspace.currency ?? 'EUR';
  const shown =
    price === null ? null : new Intl.NumberFormat(lang, { style: 'currency', currency }).format(price);
  return html`<li><a href="${buildShopLink(catalogue, product, code)}" rel="noreferrer">${
    image && html`<img src="${image}" alt="" loading="lazy" width="320" height="240">`
  }<span class="name">${name}</span>${shown && html`<span class="price">${shown}</span>`}${
    reason === 'viewed' ? html`<span class="note">${texts.productViewed}</span>` : null
  }</a></li>`;
}
