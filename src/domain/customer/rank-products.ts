import type { CatalogueProduct } from '../definition/catalogue.ts';
import { DAY, type Instant } from '../time/time.ts';
import type { Profile } from './profile.ts';
import type { Touch } from './touch.ts';

/** A product with why it stands where it does. */
export interface RankedProduct {
  product: CatalogueProduct;
  /** `viewed`: the customer looked at it; `category`: at others of its kind; null: as in the catalogue. */
  reason: 'viewed' | 'category' | null;
}

/** What an interest weighs, by the kind of touch. Others say nothing about a product. */
const WEIGHTS: Readonly<Record<string, number>> = { view: 1, search: 1, wish: 3, cart: 4 };
/** An interest weighs half as much after so long. */
const HALF_LIFE = 14 * DAY;
/** What a product gains from an interest in another one of its category. */
const OF_CATEGORY = 0.2;

/**
 * Orders products by what the customer has looked at, put into the cart and wished for, the newest first. What they have
 * bought already is no interest any more, but its category is. Products of equal weight stay in the catalogue's order.
 */
export function rankProducts(
  products: readonly CatalogueProduct[],
  { touches, orders }: Pick<Profile, 'touches' | 'orders'>,
  now: Instant,
): RankedProduct[] {
  const ofItem = new Map<string, number>();
  const ofCategory = new Map<string, number>();
  for (const touch of touches) {
    const weight = weigh(touch, now);
    if (weight === 0) continue;
    if (touch.item !== undefined) add(ofItem, touch.item, weight);
    if (touch.category !== undefined) add(ofCategory, touch.category, weight);
  }
  // An event may name the product alone; the catalogue knows its categories.
  for (const { id, categories } of products)
    for (const category of categories) add(ofCategory, category, ofItem.get(id) ?? 0);
  const bought = new Set(orders.flatMap((order) => order.products ?? []));
  const ranked = products.map((product, place) => {
    const own = bought.has(product.id) ? 0 : (ofItem.get(product.id) ?? 0);
    const related = OF_CATEGORY * sum(product.categories.map((category) => ofCategory.get(category) ?? 0));
    const reason = own > 0 ? ('viewed' as const) : related > 0 ? ('category' as const) : null;
    return { product, reason, weight: own + related, isOwned: bought.has(product.id), place };
  });
  // Interest in a category is met by what the customer does not have yet.
  ranked.sort((a, b) => Number(a.isOwned) - Number(b.isOwned) || b.weight - a.weight || a.place - b.place);
  return ranked.map(({ product, reason }) => ({ product, reason }));
}

function weigh({ kind, at, machine }: Touch, now: Instant): number {
  if (machine) return 0;
  return (WEIGHTS[kind] ?? 0) * 0.5 ** (Math.max(0, now - at) / HALF_LIFE);
}

function add(weights: Map<string, number>, name: string, weight: number): void {
  if (weight > 0) weights.set(name, (weights.get(name) ?? 0) + weight);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
