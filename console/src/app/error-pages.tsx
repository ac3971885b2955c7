import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { asProblem, Problem } from '../api/problem.ts';
import { Alert } from '../components/alert.tsx';
import { Button } from '../components/button.tsx';
import { Empty } from '../components/empty.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { useMessages } from '../i18n/messages.ts';
import { messages } from './messages.ts';

/** The page of an address that leads nowhere. */
export function NotFound() {
  const t = useMessages(messages);
  return (
    <>
      <PageHeader title={t.noSuchPage} />
      <Empty title={t.noSuchPageText} action={<Link to="/">{t.toStart}</Link>} />
    </>
  );
}

/** What is shown in place of a page that failed. The shell around it still works. */
export function PageCrashed({ error, reset }: ErrorComponentProps) {
  const t = useMessages(messages);
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  if (error instanceof Problem) return <ErrorState problem={asProblem(error)} retry={retry} />;
  if (isOldBuild(error))
    return (
      <Alert
        tone="info"
        title={t.newVersion}
        action={<Button onClick={() => location.reload()}>{t.reload}</Button>}
      >
        {t.newVersionText}
      </Alert>
    );
  return (
    <Alert tone="danger" title={t.crashed} action={<Button onClick={retry}>{t.retry}</Button>} live>
      <p>{t.crashedText}</p>
      <code>{String(error)}</code>
    </Alert>
  );
}

/** A file of this build is gone: the service was updated while the page was open. */
const isOldBuild = (error: unknown) =>
  error instanceof TypeError && /dynamically imported module|importing a module script/i.test(error.message);
