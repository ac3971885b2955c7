/**
 * Compiled definitions: what `src/definitions` makes of a bundle's files. They are plain JSON and immutable by version,
 * so that a decision can name the version it used. Conditions are CEL source, which the engine evaluates through a
 * port.
 */
export * from './definition/action.ts';
export * from './definition/attribute.ts';
export * from './definition/bundle.ts';
export * from './definition/catalogue.ts';
export * from './definition/cms.ts';
export * from './definition/journey.ts';
export * from './definition/shared.ts';
export * from './definition/source.ts';
export * from './definition/step.ts';
export * from './definition/workspace.ts';
