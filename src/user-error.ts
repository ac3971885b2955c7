/**
 * Something that the person at the keyboard can put right. The message is one line that says what is wrong and what to
 * do; it is printed without a stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}
