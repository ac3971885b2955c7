import type { CatalogueDef } from '../../domain/definition.ts';
import type { CatalogueSource } from '../source/catalogue-schema.ts';

/** The locale of a title that is one text. */
const ANY_LOCALE = '*';

/** Compiles catalogue.yaml. */
export function compileCatalogue({ title, coupon, limit, products }: CatalogueSource): CatalogueDef {
  return {
    title: title === undefined ? null : typeof title === 'string' ? { [ANY_LOCALE]: title } : title,
    coupon:
      coupon === undefined
        ? null
        : 'param' in coupon
          ? { kind: 'param', name: coupon.param }
          : { kind: 'link', template: coupon.link },
    limit,
    products: products.map(({ image, price, ...product }) => ({
      ...product,
      image: image ?? null,
      price: price ?? null,
    })),
  };
}
