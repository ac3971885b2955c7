import type { CatalogueDef, CatalogueProduct } from '../domain/definition/catalogue.ts';

/** The link to a product in the shop. With a code it applies the coupon there, as the catalogue says how. */
export function buildShopLink(
  { coupon }: Pick<CatalogueDef, 'coupon'>,
  { url }: Pick<CatalogueProduct, 'url'>,
  code: string | null,
): string {
  if (coupon === null || code === null) return url;
  const target = new URL(url);
  if (coupon.kind === 'param') {
    target.searchParams.set(coupon.name, code);
    return target.href;
  }
  return coupon.template
    .replaceAll('{code}', encodeURIComponent(code))
    .replaceAll('{path}', encodeURIComponent(target.pathname + target.search))
    .replaceAll('{url}', encodeURIComponent(target.href));
}
