import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Whether this is the build in `dist`, which Node runs as it is. Otherwise it is the TypeScript sources, which tsx loads. */
export const COMPILED = import.meta.url.endsWith('.js');

/** The folder that holds package.json, `examples` and, in a checkout, the sources. */
export const PACKAGE_DIR = fileURLToPath(new URL(COMPILED ? '../..' : '..', import.meta.url));

/** The URL of a module, of which the sources name the TypeScript file: `new URL('./thread.ts', import.meta.url)`. */
export function locateModule(source: URL): URL {
  return COMPILED ? new URL(source.href.replace(/\.ts$/, '.js')) : source;
}

/** The URLs of the modules that a process imports before one of this code: none for the build, tsx for the sources. */
export function listLoaders(): string[] {
  return COMPILED ? [] : [pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
}
