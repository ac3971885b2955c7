import { UserError } from '../../src/user-error.ts';

/** Reads the number of an option such as `--seed`; undefined without it. @throws UserError for other texts */
export function readNumberOption(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new UserError(`${option} is "${text}": use a number`);
}
