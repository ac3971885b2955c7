import type { Labels } from '../../domain/definition.ts';

/** A definition without what only people read, for whether it decides in the same way. */
export function withoutLabels<Def extends Labels>({ name: _, description: __, ...rest }: Def) {
  return rest;
}
