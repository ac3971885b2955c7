import { readFile } from 'node:fs/promises';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { UserError } from '../../user-error.ts';
import { describeFileProblem } from '../describe-file-problem.ts';
import { findField, foldColumn, listFields, ROW_KINDS, type RowKind } from './fields.ts';

const join = z.strictObject({
  file: z.string().min(1),
  on: z.string().min(1),
});

const mappingFile = z.strictObject({
  as: z.enum(ROW_KINDS).optional(),
  fields: z.record(z.string(), z.string()).optional(),
  constants: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  keep: z.union([z.literal('*'), z.array(z.string())]).optional(),
  group: z.string().optional(),
  join: z.record(z.string().regex(/^\w{1,32}$/), join).optional(),
});

/** What a mapping file says; flags of the command go before it. */
export type MappingFile = z.infer<typeof mappingFile>;

export interface JoinDef {
  /** The name before the dot of its columns: `items.price`. */
  name: string;
  file: string;
  /** The column that both files have. */
  on: string;
}

/** Which column of the file is which field. */
export interface Mapping {
  kind: RowKind;
  /** Column by field. */
  columns: Readonly<Record<string, string>>;
  constants: Readonly<Record<string, unknown>>;
  /** Further columns that are kept as properties, or as traits of customers. */
  keep: readonly string[];
  /** Columns that nothing uses. */
  unused: readonly string[];
}

/** Reads a mapping file. @throws UserError if it can't be used */
export async function readMappingFile(file: string): Promise<MappingFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError(`${file} can't be read: ${describeFileProblem(error)}`);
  }
  try {
    const parsed = mappingFile.safeParse(parseYaml(text) ?? {});
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new UserError(`${file}: ${issue?.path.join('.') || 'the mapping'}: ${issue?.message}`);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${file} is no YAML: ${(error as Error).message.split('\n')[0]}`);
  }
}

/**
 * Decides which column is which field: as the mapping says, else by the column's name.
 *
 * @param columns of the file, and of joined files as `items.price`
 * @throws UserError if a field or a column is not known, or a field that each row needs has no column
 */
export function createMapping(kind: RowKind, columns: readonly string[], said: MappingFile): Mapping {
  const { fields = {}, constants = {}, keep } = said;
  for (const name of [...Object.keys(fields), ...Object.keys(constants)])
    if (!findField(kind, name))
      throw new UserError(`${kind} have no field "${name}": use one of ${describe(kind)}`);
  for (const column of [...Object.values(fields), ...(Array.isArray(keep) ? keep : [])])
    if (!columns.includes(column))
      throw new UserError(`the file has no column "${column}": it has ${columns.join(', ')}`);
  const found: Record<string, string> = { ...fields };
  const free = () => columns.filter((column) => !Object.values(found).includes(column));
  for (const [name, { names }] of Object.entries(listFields(kind))) {
    if (name in found || name in constants) continue;
    const column = findColumn(names, free());
    if (column !== undefined) found[name] = column;
  }
  const missing = Object.entries(listFields(kind)).find(
    ([name, { required }]) => required && !(name in found) && !(name in constants),
  );
  if (missing)
    throw new UserError(
      `no column is ${missing[0]} of ${kind}: say which with --map ${missing[0]}=COLUMN; the file has ${columns.join(', ')}`,
    );
  const wantsAll = keep === '*' || (keep === undefined && kind === 'events');
  const kept = wantsAll ? free().filter((column) => !column.includes('.')) : Array.isArray(keep) ? keep : [];
  const isWithinKept = (column: string) => kept.some((name) => column.startsWith(`${name}.`));
  const unused = free().filter((column) => !kept.includes(column) && !isWithinKept(column));
  return { kind, columns: found, constants, keep: kept, unused };
}

/** The first of the names that a column has; columns of joined files have their own name before a dot. */
function findColumn(names: readonly string[], columns: readonly string[]): string | undefined {
  for (const name of names) {
    const column =
      columns.find((column) => foldColumn(column) === name) ??
      columns.find(
        (column) => column.includes('.') && foldColumn(column.slice(column.indexOf('.') + 1)) === name,
      );
    if (column !== undefined) return column;
  }
  return undefined;
}

function describe(kind: RowKind): string {
  return [...Object.keys(listFields(kind)), 'ext:TYPE', 'consent:PURPOSE'].join(', ');
}
