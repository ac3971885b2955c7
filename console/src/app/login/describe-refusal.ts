import type { Problem } from '../../api/problem.ts';
import type { useMessages } from '../../i18n/messages.ts';
import type { messages } from './messages.ts';

type Texts = ReturnType<typeof useMessages<(typeof messages)['en']>>;

/** Why the login was refused, in the user's language. */
export function describeRefusal(problem: Problem, t: Texts): string {
  if (problem.isUnreachable) return t.unreachable;
  switch (problem.code) {
    case 'wrong_login':
      return t.wrongLogin;
    case 'user_disabled':
      return t.disabled;
    case 'no_role':
      return t.noRole;
    case 'too_many_attempts':
      return t.tooMany({ seconds: Number(problem.body.retryAfter) });
    default:
      return problem.detail || problem.title;
  }
}
