import type { Problem } from '../../../definitions/source/problem.ts';

const MAX_PROBLEMS = 500;
const MAX_MESSAGE = 2_000;

/** Of many problems the first ones: a bundle may have one in every line. A very long message is cut. */
export function limitProblems(problems: readonly Problem[]): Problem[] {
  const kept = problems.slice(0, MAX_PROBLEMS).map(cut);
  const more = problems.length - kept.length;
  if (more > 0) kept.push({ file: '', path: '', message: `and ${more} more` });
  return kept;
}

function cut(problem: Problem): Problem {
  const { path, message } = problem;
  if (path.length <= MAX_MESSAGE && message.length <= MAX_MESSAGE) return problem;
  return { ...problem, path: cutText(path), message: cutText(message) };
}

function cutText(text: string): string {
  return text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE)}…`;
}
