import type { Problem } from '../api/problem.ts';
import { useMessages } from '../i18n/messages.ts';
import { Alert } from './alert.tsx';
import { Button } from './button.tsx';
import { messages } from './error-state.messages.ts';

interface Props {
  problem: Problem;
  /** Asks again. Left out where asking again changes nothing. */
  retry?: () => void;
}

/** Says in words why there is no answer, and what to do. */
export function ErrorState({ problem, retry }: Props) {
  const t = useMessages(messages);
  const { title, text, mayRetry } = describeProblem(problem, t);
  // The login is in front of the page. Afterwards everything is asked again.
  if (problem.status === 401) return null;
  const action = retry && mayRetry && (
    <Button size="sm" onClick={retry}>
      {t.retry}
    </Button>
  );
  return (
    <Alert tone={problem.isTemporary ? 'warning' : 'danger'} title={title} action={action} live>
      {text}
      {problem.requestId && problem.status >= 500 && <p>{t.requestId({ id: problem.requestId })}</p>}
    </Alert>
  );
}

type Texts = ReturnType<typeof useMessages<(typeof messages)['en']>>;

function describeProblem(problem: Problem, t: Texts): { title: string; text: string; mayRetry: boolean } {
  if (problem.isUnreachable) return { title: t.unreachable, text: t.unreachableText, mayRetry: true };
  switch (problem.status) {
    case 403:
      return { title: t.forbidden, text: problem.detail, mayRetry: false };
    case 404:
      return { title: t.notFound, text: problem.detail, mayRetry: false };
    case 410:
      return { title: t.gone, text: t.goneText, mayRetry: false };
    case 429:
      return { title: t.tooMany, text: t.tooManyText, mayRetry: true };
    default:
      return { title: problem.title, text: problem.detail, mayRetry: true };
  }
}
