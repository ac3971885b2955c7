import type { ActionDef, Bundle } from '../../../domain/definition.ts';

/** An action of a version that names it. @throws Error if the version has no such action */
export function requireAction(bundle: Bundle, id: string): ActionDef {
  const action = bundle.actions.find((definition) => definition.id === id);
  if (!action) throw new Error(`bundle ${bundle.version} has no action ${id}`);
  return action;
}
