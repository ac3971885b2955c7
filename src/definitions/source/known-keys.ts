import type { z } from 'zod';

/** The parts of a schema's definition that lead further into it. Which of them there are depends on its type. */
interface SchemaParts {
  shape?: Record<string, z.core.$ZodType>;
  element?: z.core.$ZodType;
  valueType?: z.core.$ZodType;
  innerType?: z.core.$ZodType;
  in?: z.core.$ZodType;
  options?: readonly z.core.$ZodType[];
}

/** The keys that a schema knows for the mapping at `path`, in all of its alternatives. */
export function listKnownKeys(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const { shape, element, valueType, innerType, in: input, options } = schema._zod.def as SchemaParts;
  const wrapped = innerType ?? input;
  if (wrapped) return listKnownKeys(wrapped, path);
  if (options) return options.flatMap((option) => listKnownKeys(option, path));
  const [first, ...rest] = path;
  if (first === undefined) return Object.keys(shape ?? {});
  const next = shape?.[String(first)] ?? element ?? valueType;
  return next ? listKnownKeys(next, rest) : [];
}
