import type { z } from 'zod';
import { listWithheldAttributes, type WithheldAttribute } from '../../domain/customer/attribute.ts';
import type { Trait } from '../../domain/customer/profile.ts';
import type { AttributeDef } from '../../domain/definition.ts';
import type { Facts } from '../../domain/facts.ts';
import { type Instant, iso } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import type { attribute } from './attribute-schema.ts';

export type AttributeView = z.infer<typeof attribute>;
type Why = AttributeView['withheld'];

/** Attributes with source and age, sorted by name so that two readings can be compared (C-1, D-19). */
export function toAttributeViews(
  traits: Record<string, Trait>,
  declared: Record<string, AttributeDef>,
  now: Instant,
  withheld: (name: string) => Why = () => undefined,
): AttributeView[] {
  return Object.keys(traits)
    .sort()
    .map((name) => attributeView(name, traits[name] as Trait, getOwn(declared, name), now, withheld(name)));
}

/** Why each trait reads as missing, for marketing and for service: the same rule that the engine applies. */
export function explainWithheld(
  facts: Facts<'profile' | 'permissions'>,
  now: Instant,
): (name: string) => Why {
  const reasons = (use: 'marketing' | 'service') =>
    new Map(
      listWithheldAttributes(facts, ['*'], use, now).map(({ attribute, reason: because }) => [
        attribute,
        because,
      ]),
    );
  const marketing = reasons('marketing');
  const service = reasons('service');
  const of = (map: Map<string, WithheldAttribute['reason']>, name: string) =>
    map.get(`traits.${name}`) ?? null;
  return (name) => ({ marketing: of(marketing, name), service: of(service, name) });
}

/** An undeclared attribute has no restrictions: first-party data, usable for everything, never stale. */
function attributeView(
  name: string,
  trait: Trait,
  def: AttributeDef | undefined,
  now: Instant,
  withheld: Why,
): AttributeView {
  const stale = def !== undefined && def.fresh !== null && now - trait.at > def.fresh;
  const fallback = def?.fallback ?? null;
  return {
    name,
    value: trait.value,
    source: trait.source,
    ...(trait.device ? { device: true } : {}),
    ...(trait.unproven ? { unproven: true } : {}),
    // Attributes that a journey sets are first-party data.
    party: trait.source.startsWith('journey:') ? 'first' : (def?.party ?? 'first'),
    at: iso(trait.at),
    stale,
    ...(stale && fallback !== null ? { fallback } : {}),
    sensitivity: def?.sensitivity ?? 0,
    uses: def?.uses ?? ['marketing', 'service'],
    consent: def?.consent ?? null,
    ...(withheld ? { withheld } : {}),
  };
}
