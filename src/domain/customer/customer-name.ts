import { getOwn } from '../values/get-own.ts';
import type { Profile } from './profile.ts';

/** Longest name that is shown in a list and searched. */
const LONGEST = 200;

type Traits = Pick<Profile, 'traits'>['traits'];

/** The name that senders have stated: in one, or as first and last name. Null: none. */
export function readCustomerName(traits: Traits): string | null {
  const given = [readText(traits, 'firstName', 'first_name'), readText(traits, 'lastName', 'last_name')];
  const joined = given.filter((part) => part !== '').join(' ');
  const name = readText(traits, 'name') || joined;
  return name === '' ? null : limit(name);
}

/** A name as it is compared in a search: without differences of case, width and spaces. */
export function foldName(name: string): string {
  const folded = name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
  return limit(folded);
}

function readText(traits: Traits, ...names: string[]): string {
  for (const name of names) {
    const value = getOwn(traits, name)?.value;
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return '';
}

/** Cut between characters, never within one. */
function limit(text: string): string {
  return text.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '');
}
