/** Ids that the service gives: they say nothing to a reader. */
const OWN_ID = /^(cus|dec|dlv|enr|evt|tsk)_[0-9a-z_]+$/;

/** The properties of an event in one line. Own ids and empty values are left out; the products are named. */
export function writeProperties(properties: Record<string, unknown>): string {
  return Object.entries(properties)
    .map(([name, value]) => [name, writeValue(value)] as const)
    .filter(([, text]) => text !== '' && !OWN_ID.test(text))
    .map(([name, text]) => `${name}: ${text}`)
    .join(' · ');
}

function writeValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(writeValue).join(', ');
  if (typeof value !== 'object') return String(value);
  return nameProduct(value) ?? JSON.stringify(value);
}

/** What a product is called, as a shop writes it. */
function nameProduct(value: object): string | undefined {
  const product = value as Record<string, unknown>;
  return [product.name, product.product_id, product.sku].find((name) => typeof name === 'string');
}
