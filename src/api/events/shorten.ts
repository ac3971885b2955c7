const MOST_TEXT = 200;
const MOST_MEMBERS = 20;
const MOST_DEPTH = 4;
/** Characters of everything together. */
const MOST_TOTAL = 4_000;

export const CUT = '…';

/**
 * Shortens a value for a list: long texts, long lists, deep objects, and what is too much in all. Where something was left
 * out stands `…`.
 *
 * @returns `isWhole`: whether nothing was left out
 */
export function shorten(value: Record<string, unknown>): {
  value: Record<string, unknown>;
  isWhole: boolean;
} {
  let isWhole = true;
  let room = MOST_TOTAL;
  const cut = () => {
    isWhole = false;
    return CUT;
  };
  const copyText = (text: string): string => {
    const most = Math.max(0, Math.min(MOST_TEXT, room));
    room -= Math.min(text.length, most);
    // A character of two units is not cut in the middle.
    return text.length <= most ? text : text.slice(0, most).replace(/[\ud800-\udbff]$/, '') + cut();
  };
  const copy = (part: unknown, depth: number): unknown => {
    if (typeof part === 'string') return copyText(part);
    room -= 8;
    if (typeof part !== 'object' || part === null) return part;
    if (depth >= MOST_DEPTH || room <= 0) return cut();
    if (Array.isArray(part)) {
      const items = part.slice(0, MOST_MEMBERS).map((item) => copy(item, depth + 1));
      return items.length < part.length ? [...items, cut()] : items;
    }
    return copyMembers(part as Record<string, unknown>, depth);
  };
  const copyMembers = (object: Record<string, unknown>, depth: number): Record<string, unknown> => {
    const members: [string, unknown][] = [];
    for (const [name, member] of Object.entries(object)) {
      if (members.length >= MOST_MEMBERS || room <= 0) {
        members.push([CUT, cut()]);
        break;
      }
      members.push([copyText(name), copy(member, depth + 1)]);
    }
    return Object.fromEntries(members);
  };
  return { value: copyMembers(value, 0), isWhole };
}
