import { isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';

/** The line of the text (from 1) at a path such as `steps[2].decide`. */
export type FindLine = (path: string) => number | undefined;

/**
 * Finds lines below a node. Where a path leads to something that isn't written, the line is that of the last part that
 * is: a missing key is reported at its mapping.
 */
export function createLineFinder(root: Node | null, lines: LineCounter): FindLine {
  return (path) => {
    const offset = root && findOffset(root, path);
    return typeof offset === 'number' ? lines.linePos(offset).line : undefined;
  };
}

function findOffset(root: Node, path: string): number | undefined {
  let node: unknown = root;
  let offset = root.range?.[0];
  let rest = path;
  while (rest !== '') {
    const next = isMap(node) ? findMember(node.items, rest) : isSeq(node) ? findItem(node.items, rest) : null;
    if (!next) break;
    offset = next.offset ?? offset;
    node = isAlias(next.node) ? undefined : next.node;
    rest = next.rest;
  }
  return offset;
}

interface Found {
  node: unknown;
  offset: number | undefined;
  rest: string;
}

/** Names of members may contain dots and brackets, so the longest name that the path begins with is the one. */
function findMember(pairs: readonly Pair[], path: string): Found | null {
  let found: Found | null = null;
  let longest = -1;
  for (const { key, value } of pairs) {
    const name = isScalar(key) ? String(key.value) : undefined;
    if (name === undefined || name.length <= longest || !path.startsWith(name)) continue;
    const rest = path.slice(name.length);
    if (rest !== '' && !/^[.[]/.test(rest)) continue;
    longest = name.length;
    found = { node: value, offset: (key as Node).range?.[0], rest: rest.replace(/^\./, '') };
  }
  return found;
}

function findItem(items: readonly unknown[], path: string): Found | null {
  const index = /^\[(\d+)\]\.?/.exec(path);
  const node = index ? items[Number(index[1])] : undefined;
  if (!index || node === undefined) return null;
  return { node, offset: (node as Node).range?.[0], rest: path.slice(index[0].length) };
}
