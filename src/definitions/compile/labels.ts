import type { Labels } from '../../domain/definition.ts';

/** What people read. Definitions without it compile to what they were before there were names. */
export function readLabels({ name, description }: { [K in keyof Labels]: Labels[K] | undefined }): Labels {
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
}
