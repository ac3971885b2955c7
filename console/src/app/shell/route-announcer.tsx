import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/** After the page has rendered, its heading has set the title. */
const AFTER_MS = 150;

/** Reads the title of a page aloud when a link has led there: nothing is loaded anew that a screen reader would notice. */
export function RouteAnnouncer() {
  const router = useRouter();
  const [title, setTitle] = useState('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = router.subscribe('onRendered', ({ pathChanged }) => {
      if (!pathChanged) return;
      clearTimeout(timer);
      timer = setTimeout(() => setTitle(document.title), AFTER_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [router]);
  return (
    <p role="status" className="visually-hidden">
      {title}
    </p>
  );
}
