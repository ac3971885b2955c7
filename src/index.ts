// What the package exports as `throughline`.
export { type BundleCheck, checkBundle } from './check-bundle.ts';
export type { BundleFile } from './definitions/source/bundle-file.ts';
export type { Problem } from './definitions/source/problem.ts';
export { BundleReadError, readBundleDir } from './definitions/source/read-directory.ts';
export type { Bundle } from './domain/definition.ts';
export { VERSION } from './version.ts';
