import { runWithin } from './run-within.ts';

interface Piece {
  ms: number;
  work: () => unknown;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** Pieces that share a watch at most: together they take a few milliseconds. */
const MOST_PIECES = 20;
/** How long pieces may take together. A piece that is not done by then runs again, alone and with all of its own time. */
const TOGETHER_MS = 200;

const waiting: Piece[] = [];

/**
 * Runs synchronous work in this thread like {@link runWithin}, soon. Pieces that are ready at the same time share one
 * watch, since each watch is a thread, and on a busy machine it takes longer to start and join than most work takes.
 *
 * @throws TimeLimitError if the work takes longer than `ms` by itself; whatever `work` throws
 */
export function runTogether<T>(ms: number, work: () => T): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (waiting.length === 0) setImmediate(runWaiting);
    waiting.push({ ms, work, resolve: resolve as Piece['resolve'], reject });
  });
}

function runWaiting(): void {
  const pieces = waiting.splice(0, MOST_PIECES);
  if (waiting.length > 0) setImmediate(runWaiting);
  const [only] = pieces;
  if (only && pieces.length === 1) return runAlone(only);
  const settled: (() => void)[] = [];
  try {
    runWithin(TOGETHER_MS, () => {
      for (const piece of pieces) settled.push(attempt(piece));
    });
  } catch {
    // The time is over in one of them, whose fault it need not be.
  }
  for (const settle of settled) settle();
  for (const piece of pieces.slice(settled.length)) setImmediate(runAlone, piece);
}

function runAlone(piece: Piece): void {
  try {
    runWithin(piece.ms, () => attempt(piece))();
  } catch (error) {
    piece.reject(error);
  }
}

/** Runs a piece. What it came to is passed on after the watch has ended. */
function attempt({ work, resolve, reject }: Piece): () => void {
  try {
    const result = work();
    return () => resolve(result);
  } catch (error) {
    return () => reject(error);
  }
}
