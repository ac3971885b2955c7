import type { Report } from '../source/problem.ts';

/** Reports what stands twice in a list. `suffix`: where in an item the name stands, such as `.id`. */
export function checkUnique(items: readonly string[], path: string, error: Report, suffix = ''): void {
  items.forEach((item, index) => {
    if (items.indexOf(item) < index) error(`${path}[${index}]${suffix}`, `'${item}' is listed twice`);
  });
}
