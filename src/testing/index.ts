export * from './clock.ts';
export * from './replay.ts';
