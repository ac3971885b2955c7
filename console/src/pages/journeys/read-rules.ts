/** The rules of entering and editing, as a compiled definition has them. */
export interface JourneyRules {
  key: string | null;
  /** Or the time in milliseconds after which customers may come back. */
  reenter: 'never' | 'always' | number;
  whileOpen: 'ignore' | 'restart';
  versions: 'follow' | 'pin';
}

/** Reads the rules of a compiled definition, which the API answers as an open object. */
export function readRules(definition: Record<string, unknown>): JourneyRules {
  const { key, reenter, whileOpen, versions } = definition;
  const after = (reenter as { after?: unknown } | null)?.after;
  return {
    key: typeof key === 'string' ? key : null,
    reenter: typeof after === 'number' ? after : reenter === 'never' ? 'never' : 'always',
    whileOpen: whileOpen === 'restart' ? 'restart' : 'ignore',
    versions: versions === 'pin' ? 'pin' : 'follow',
  };
}
