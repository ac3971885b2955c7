import type { Report } from '../source/problem.ts';

/**
 * Reports items that are listed twice.
 * @param suffix the path of the name within an item, such as `.id`
 */
export function checkUnique(items: readonly string[], path: string, error: Report, suffix = ''): void {
  items.forEach((item, index) => {
    if (items.indexOf(item) < index) error(`${path}[${index}]${suffix}`, `'${item}' is listed twice`);
  });
}
