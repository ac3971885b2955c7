import { listAttributesRead } from '../../content/attributes-read.ts';
import { BLOCKS_FOLDER, type BlockName, blockPath, readBlockName } from '../../content/block-name.ts';
import { listBlocksUsed } from '../../content/block-tags.ts';
import { suggestName } from '../../content/nearest-name.ts';
import { type Engines, parseBlock, TemplateError } from '../../content/template.ts';
import type { SegmentDef } from '../../domain/definition.ts';
import { listLocales } from '../../domain/values/locale.ts';
import { compileCel } from '../cel/compile-cel.ts';
import type { BundleFile } from '../source/bundle-file.ts';
import type { ContentContext } from './content-context.ts';

/** What a message reads through the blocks that it renders, and those that these render. */
interface BlockReads {
  attributes: string[];
  /** Segments by which a block is chosen, in the order of segments.yaml. */
  segments: string[];
}

interface BlockFile extends BlockName {
  path: string;
  attributes: string[];
  uses: string[];
}

/** The blocks of a bundle. */
export interface Blocks {
  /** Reports blocks that are missing, on the file that renders them, and lists what the others read. */
  readThrough(file: string, names: readonly string[], extension: BlockName['extension']): BlockReads;
  /** Warns of blocks that nothing renders. Called last. */
  warnUnused(): void;
}

const EXPECTED_NAME = 'must be named content/_blocks/{block}[.{locale}[.{segment}]].liquid or .txt';

/**
 * Checks the blocks of a bundle: their names, that they parse, that each has a default in the fallback locale, and that
 * none renders itself.
 */
export function checkBlocks(
  files: readonly BundleFile[],
  segments: readonly SegmentDef[] | null,
  context: Pick<ContentContext, 'locales' | 'errors' | 'warnings' | 'onFile'>,
  engines: Engines,
): Blocks {
  const error = (file: string, message: string) => context.errors.push({ file, path: '', message });
  const warn = (file: string, message: string) => context.warnings.push({ file, path: '', message });
  const blocks = files.flatMap(({ path, text }): BlockFile[] => {
    context.onFile(path);
    const name = readBlockName(path);
    if (!name) {
      error(path, EXPECTED_NAME);
      return [];
    }
    try {
      const templates = parseBlock(text, name.extension, engines);
      return [{ ...name, path, attributes: listAttributesRead(templates), uses: listBlocksUsed(templates) }];
    } catch (problem) {
      if (!(problem instanceof TemplateError)) throw problem;
      error(path, problem.message);
      return [{ ...name, path, attributes: [], uses: [] }];
    }
  });
  const ids = segments?.map(({ id }) => id) ?? [];
  for (const { path, segment } of blocks)
    if (segments && segment !== null && !ids.includes(segment))
      error(path, `unknown segment '${segment}'${suggestName(segment, ids)}`);
  checkLocales(blocks, context.locales, error, warn);

  const filesOf = (name: string, extension: BlockName['extension']) =>
    blocks.filter((file) => file.block === name && file.extension === extension);
  const used = new Set<BlockFile>();
  const circular = new Set<string>();
  const collect = (
    file: string,
    names: readonly string[],
    extension: BlockName['extension'],
    within: readonly string[],
    into: Set<BlockFile>,
  ): void => {
    for (const name of names) {
      const found = filesOf(name, extension);
      if (found.length === 0)
        error(file, `there is no block '${name}': add ${defaultPath(name, extension, context.locales)}`);
      if (within.includes(name)) {
        const circle = [...within.slice(within.indexOf(name)), name].join(' → ');
        if (!circular.has(circle)) error(found[0]?.path ?? file, `blocks that render each other: ${circle}`);
        circular.add(circle);
        continue;
      }
      for (const block of found) {
        if (into.has(block)) continue;
        into.add(block);
        collect(block.path, block.uses, extension, [...within, name], into);
      }
    }
  };
  return {
    readThrough(file, names, extension) {
      const reached = new Set<BlockFile>();
      collect(file, names, extension, [], reached);
      for (const block of reached) used.add(block);
      const named = new Set([...reached].map(({ segment }) => segment));
      const chosen = (segments ?? []).filter(({ id }) => named.has(id));
      return {
        attributes: [
          ...[...reached].flatMap(({ attributes }) => attributes),
          ...chosen.flatMap(({ when }) => listConditionReads(when)),
        ],
        segments: chosen.map(({ id }) => id),
      };
    },
    warnUnused() {
      for (const block of blocks) if (!used.has(block)) warn(block.path, `nothing renders '${block.block}'`);
    },
  };
}

/** Each block needs its default in the fallback locale. A block that lacks another locale falls back to it. */
function checkLocales(
  blocks: readonly BlockFile[],
  locales: readonly string[] | null,
  error: (file: string, message: string) => void,
  warn: (file: string, message: string) => void,
): void {
  const [fallback, ...others] = locales ?? [];
  if (fallback === undefined) return;
  const seen = new Set<string>();
  for (const { path, block, segment, extension } of blocks) {
    const key = `${block}.${segment ?? ''}.${extension}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const ofBlock = blocks.filter((file) => file.block === block && file.extension === extension);
    const same = ofBlock.filter((file) => file.segment === segment);
    if (same.some(({ locale }) => locale === null)) continue;
    const has = (locale: string) => same.some((file) => file.locale === locale);
    const pathIn = (locale: string) => blockPath({ block, segment, extension, locale });
    if (!has(fallback)) error(path, `lacks the fallback locale: add ${pathIn(fallback)}`);
    if (segment !== null && !ofBlock.some((file) => file.segment === null))
      error(path, `lacks a default: add ${defaultPath(block, extension, locales)}`);
    for (const locale of others)
      if (!listLocales(locale).some(has))
        warn(
          path,
          `no translation for '${locale}', so its customers get '${fallback}': add ${pathIn(locale)}`,
        );
  }
}

function defaultPath(
  block: string,
  extension: BlockName['extension'],
  locales: readonly string[] | null,
): string {
  return blockPath({ block, segment: null, extension, locale: locales?.[0] ?? 'en' });
}

function listConditionReads(condition: string): string[] {
  const compiled = compileCel(condition);
  if (!compiled.ok) return [];
  const { traits, account } = compiled.references;
  return [...traits, ...[...account].map((name) => `account.${name}`)];
}

/** Splits the content files of a bundle. */
export function isBlockFile({ path }: Pick<BundleFile, 'path'>): boolean {
  return path.startsWith(BLOCKS_FOLDER);
}
