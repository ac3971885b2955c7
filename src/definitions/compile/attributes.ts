import type { ActionDef, AttributeDef, JourneyDef } from '../../domain/definition.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import type { CompileContext } from '../check/context.ts';
import type { AttributesSource } from '../source/attribute-schema.ts';
import type { Report } from '../source/problem.ts';
import { toMillis } from '../source/scalars.ts';

export type Attributes = Record<string, AttributeDef>;

/** Compiles attributes.yaml. */
export function compileAttributes(source: AttributesSource, error: Report): Attributes {
  const compiled = Object.entries(source).map(([name, def]): [string, AttributeDef] => {
    if (def.fallback !== undefined && def.fresh === undefined)
      error(`${name}.fallback`, 'is never read: add fresh, the age at which the value is stale');
    return [
      name,
      {
        source: def.source ?? null,
        party: def.party,
        sensitivity: def.sensitivity,
        uses: def.uses ?? null,
        consent: def.consent ?? null,
        fresh: def.fresh === undefined ? null : toMillis(def.fresh),
        fallback: def.fallback ?? null,
      },
    ];
  });
  return Object.fromEntries(compiled);
}

/** A journey can't set an attribute that belongs to another source (C-1). */
export function checkSetTraits(journey: JourneyDef, attributes: Attributes, { error }: CompileContext): void {
  journey.steps.forEach((step, index) => {
    if (step.kind !== 'set') return;
    for (const name of Object.keys(step.traits)) {
      const source = getOwn(attributes, name)?.source ?? null;
      if (source === null || source === `journey:${journey.id}`) continue;
      error(
        `steps[${index}].set.traits.${name}`,
        `attributes.yaml lets only '${source}' set ${name}: remove this line, or name journey:${journey.id} there`,
      );
    }
  });
}

/** Warns of marketing that reads an attribute which may not be used for marketing: it always reads as missing (C-2). */
export function checkUses(action: ActionDef, attributes: Attributes, { warn }: CompileContext): void {
  if (action.class !== 'marketing') return;
  for (const read of action.reads) {
    const uses = getOwn(attributes, read.replace(/^account\./, ''))?.uses ?? null;
    if (uses && !uses.includes('marketing'))
      warn(
        'id',
        `reads ${read}, which attributes.yaml allows only for ${uses.join(', ')}: it reads as missing`,
      );
  }
}
