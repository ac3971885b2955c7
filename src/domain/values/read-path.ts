import { isObject } from './json-object.ts';

/** The value at a path of names, `hero.text`; undefined if there is none. Only own members of objects are followed. */
export function readPath(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => {
    return isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined;
  }, value);
}
