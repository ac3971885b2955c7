import { z } from 'zod';
import { LOCALE_PATTERN } from '../../domain/values/locale.ts';

const MOST_PRODUCTS = 500;

const shopUrl = z
  .string()
  .max(2_000)
  .refine((text) => isWebUrl(text), 'must be a URL with https:// or http://');

const word = z.string().trim().min(1);
const localeTag = new RegExp(`^${LOCALE_PATTERN}$`);

const product = z.strictObject({
  id: word.max(255).describe('As events name it: `product_id`.'),
  name: word.max(200),
  url: shopUrl.describe('Its page in the shop.'),
  image: shopUrl.optional(),
  price: z.number().min(0).optional().describe("A decimal, in the workspace's currency."),
  categories: z.array(word.max(64)).max(10).default([]).describe('As events name them: `category`.'),
});

/** catalogue.yaml: the products of the page behind `catalogue_url`. */
export const catalogueSource = z
  .strictObject({
    title: z
      .union([word.max(200), z.record(z.string().regex(localeTag, 'must be a locale'), word.max(200))])
      .optional()
      .describe('Of the page: one text, or one for each locale.'),
    coupon: z
      .union([
        z.strictObject({ param: z.string().regex(/^[\w-]{1,64}$/, 'must be the name of a parameter') }),
        z.strictObject({
          link: shopUrl.refine((text) => text.includes('{code}'), 'must contain {code}'),
        }),
      ])
      .optional()
      .describe(
        'How a link carries a coupon: `{param: discount}` adds it to the product’s URL; `{link: "https://shop.example/discount/{code}?redirect={path}"}` has `{code}`, `{path}` and `{url}`.',
      ),
    limit: z.int().min(1).max(60).default(12).describe('Products on a page.'),
    products: z
      .array(product)
      .min(1)
      .max(MOST_PRODUCTS)
      .refine(
        (products) => new Set(products.map(({ id }) => id)).size === products.length,
        'has two products with one id',
      ),
  })
  .meta({ id: 'catalogue', title: 'catalogue.yaml' });

export type CatalogueSource = z.output<typeof catalogueSource>;

function isWebUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && username === '';
}
