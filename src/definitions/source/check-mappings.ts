import { type Document, isNode, isScalar, visit, type YAMLMap } from 'yaml';

/** Members that a mapping may have. Definitions have some dozens. */
const MOST_MEMBERS = 5_000;

/**
 * Reports repeated keys, and mappings with too many members. The parser's own check for repeated keys compares each key
 * with all before it, which takes a minute for a file of 200 KB.
 *
 * @param report gets the offset in the text
 */
export function checkMappings(
  document: Document.Parsed,
  report: (offset: number, message: string) => void,
): void {
  visit(document, {
    Map(_, mapping) {
      const { items } = mapping as YAMLMap;
      if (items.length > MOST_MEMBERS) {
        report(
          mapping.range?.[0] ?? 0,
          `a mapping has ${items.length} keys; at most ${MOST_MEMBERS} are allowed`,
        );
        return visit.SKIP;
      }
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) report((isNode(key) && key.range?.[0]) || 0, 'Map keys must be unique');
        seen.add(key.value);
      }
      return undefined;
    },
  });
}
