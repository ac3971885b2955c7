/**
 * An error that the user of the command line can fix. The message has the cause and the remedy, and is printed
 * without a stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}
