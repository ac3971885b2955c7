import { toText } from '../../domain/event.ts';
import { readFactId } from '../../domain/fact-id.ts';
import { readNumber } from '../../domain/values/read-number.ts';

/** What the API promises of a product, and how what was sent is read. */
const READERS = {
  product_id: readFactId,
  sku: readFactId,
  name: toText,
  variant: toText,
  price: (value: unknown) => readNumber(value) ?? undefined,
  quantity: (value: unknown) => readNumber(value) ?? undefined,
};

type CartItem = { [name in keyof typeof READERS]?: Exclude<ReturnType<(typeof READERS)[name]>, undefined> };

/** The products of a cart as the API shows them: ids and names as text, amounts as numbers, the rest as sent. */
export function toCartItems(items: readonly unknown[]): CartItem[] {
  return items.filter(isProduct).map((item) => {
    const shown = { ...item };
    for (const [name, read] of Object.entries(READERS)) {
      if (!Object.hasOwn(item, name)) continue;
      const value = read(item[name]);
      if (value === undefined) delete shown[name];
      else shown[name] = value;
    }
    return shown;
  });
}

function isProduct(item: unknown): item is Record<string, unknown> {
  return typeof item === 'object' && item !== null && !Array.isArray(item);
}
