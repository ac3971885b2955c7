/** The products of the page behind `catalogue_url`, and how its links lead to the shop. */
export interface CatalogueDef {
  /** By locale; null: the page's own words. */
  title: Record<string, string> | null;
  /** How a link to the shop carries a coupon; null: it carries none, and the page shows the code alone. */
  coupon: { kind: 'param'; name: string } | { kind: 'link'; template: string } | null;
  /** Products on a page at most. */
  limit: number;
  products: CatalogueProduct[];
}

export interface CatalogueProduct {
  /** As events name it (`product_id`). */
  id: string;
  name: string;
  /** Its page in the shop. */
  url: string;
  image: string | null;
  /** In the workspace's currency, a decimal. */
  price: number | null;
  categories: string[];
}
