/** What objects in template data inherit: printed where a text belongs, an object prints nothing. */
const PRINTS_NOTHING: object = Object.freeze(
  Object.create(null, { toString: { value: () => '' }, valueOf: { value: () => '' } }),
);

/** What makes an object print nothing. A field with such a name would be called as a function: senders may send one. */
const NO_FIELDS: ReadonlySet<string> = new Set(['__proto__', 'toString', 'valueOf']);

/** Characters that turn the direction of the text around them: what a customer typed must not turn the rest. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;
/** What programs print of a thing that is no text, or is missing. Capitals count: people are called Null. */
const PRINTED_NOTHING = /^(\[object \w+\]|undefined|null|\(null\)|<null>|<nil>|nil|NaN)$/;
/** Nothing that a reader would see. */
const BLANK = /^[\s\p{Cf}\p{Zs}\u115f\u1160\u2800\u3164\uffa0]*$/u;

/**
 * Prepares plain JSON as the variables of a template. Blank texts, and words for nothing, become null, so that the `default` filter and
 * conditions see that there is nothing; objects print nothing; no text turns the direction of the text after it.
 */
export function toTemplateData(data: Record<string, unknown>): Record<string, unknown> {
  return prepareObject(data);
}

/** Whether a value is an object with fields, which has no text of its own. */
export function hasFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function prepareObject(object: object): Record<string, unknown> {
  const prepared: Record<string, unknown> = Object.create(PRINTS_NOTHING);
  for (const [name, value] of Object.entries(object))
    if (!NO_FIELDS.has(name)) prepared[name] = prepare(value);
  return prepared;
}

function prepareText(text: string): string | null {
  return BLANK.test(text) || PRINTED_NOTHING.test(text.trim()) ? null : text.replace(TURNING, '');
}

function prepare(value: unknown): unknown {
  if (typeof value === 'string') return prepareText(value);
  if (Array.isArray(value)) return value.map(prepare);
  return typeof value === 'object' && value !== null ? prepareObject(value) : value;
}
