import { toText } from '../domain/event.ts';
import { isObject } from '../domain/values/json-object.ts';

type Fields = Record<string, unknown>;

/**
 * The context with RudderStack's statement of consent in Segment's form, where it has none of its own. RudderStack's
 * libraries send `consentManagement` with every call: a list of the purposes that are allowed, and one of those that are
 * denied. Of a purpose in both lists the denial counts.
 */
export function translateConsent(context: Fields): Fields {
  const { consentManagement: management } = context;
  if (management === undefined || context.consent !== undefined || !isObject(management)) return context;
  const { allowedConsentIds: allowed, deniedConsentIds: denied } = management;
  const said = [...list(allowed, true), ...list(denied, false)];
  if (said.length === 0) return context;
  return { ...context, consent: { categoryPreferences: Object.fromEntries(said) } };
}

function list(ids: unknown, value: boolean): [purpose: string, value: boolean][] {
  if (!Array.isArray(ids)) return [];
  return ids.flatMap((id) => {
    const purpose = toText(id);
    return purpose === undefined || purpose === '__proto__' ? [] : [[purpose, value]];
  });
}
