import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/paths.ts';

/** One import of a file, as the text states it. */
export interface Import {
  /** As written: `../domain/event.ts`, `zod`, `node:fs`. */
  target: string;
  typeOnly: boolean;
}

/** Reads the imports off the text of a file: what TypeScript and Node see, without running anything. */
export function readImports(file: string): Import[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const matches = text.matchAll(
    /^(?:import|export)\s+(type\s+)?[^;'"]*?from\s+'([^']+)'|import\('([^']+)'\)|^import\s+'([^']+)'/gms,
  );
  return [...matches].map((m) => ({
    target: (m[2] ?? m[3] ?? m[4]) as string,
    typeOnly: m[1] !== undefined,
  }));
}

/** The TypeScript files below a folder, as paths from the root of the repository. */
export function listFiles(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.d)\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** The file that a relative import leads to, as a path from the root. */
export function resolveImport(file: string, target: string): string {
  return path.normalize(path.join(path.dirname(file), target));
}

/** Files of the repository and the files that each imports, type-only imports included. */
export type ImportGraph = Map<string, string[]>;

export function buildImportGraph(folders: string[]): ImportGraph {
  return new Map(
    folders.flatMap(listFiles).map((file) => [
      file,
      readImports(file)
        .filter(({ target }) => target.startsWith('.'))
        .map(({ target }) => resolveImport(file, target))
        .filter((target) => existsSync(path.join(ROOT, target))),
    ]),
  );
}

/** Every file that a file imports, directly or through others. */
export function reachableFrom(graph: ImportGraph, start: string): Set<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    for (const target of graph.get(file) ?? []) {
      if (reached.has(target)) continue;
      reached.add(target);
      open.push(target);
    }
  }
  return reached;
}

/** Groups of files that import one another in a circle (strongly connected components, by Tarjan's algorithm). */
export function findCycles(graph: ImportGraph): string[][] {
  const cycles: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const visit = (file: string): number => {
    order.set(file, order.size);
    lowest.set(file, order.get(file) as number);
    stack.push(file);
    for (const target of graph.get(file) ?? []) {
      if (!order.has(target)) lowest.set(file, Math.min(lowest.get(file) as number, visit(target)));
      else if (stack.includes(target))
        lowest.set(file, Math.min(lowest.get(file) as number, order.get(target) as number));
    }
    if (lowest.get(file) === order.get(file)) {
      const group = stack.splice(stack.indexOf(file));
      if (group.length > 1 || graph.get(file)?.includes(file)) cycles.push(group.sort());
    }
    return lowest.get(file) as number;
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return cycles;
}
