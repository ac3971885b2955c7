import type { SourceFile } from '../../yaml/complete.ts';
import type { Draft } from './draft.ts';

/** The file to show: the one of the URL, that of a journey, the first that is changed, or the first of all. */
export function findFile(
  files: readonly SourceFile[],
  draft: Draft | null,
  { file, journey }: { file?: string; journey?: string },
): string | undefined {
  const changed = Object.keys(draft?.changed ?? {});
  if (file !== undefined && (files.some(({ path }) => path === file) || changed.includes(file))) return file;
  const id =
    journey && new RegExp(`(^|[\\s{,-])id:\\s*["']?${journey.replace(/[^\w-]/g, '')}["']?\\s*($|[,}#])`, 'm');
  const ofJourney = id && files.find(({ path, text }) => path.startsWith('journeys/') && id.test(text));
  return (ofJourney || undefined)?.path ?? changed[0] ?? files[0]?.path;
}
