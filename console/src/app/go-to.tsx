import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/** Leads to another page of the console, once, in place of this one. */
export function GoTo({ to, search }: { to: string; search: Record<string, string> }) {
  const navigate = useNavigate();
  // What is read off the address changes while the other page is loading.
  const [target] = useState({ to, search });
  useEffect(() => {
    void navigate({ ...target, replace: true });
  }, [navigate, target]);
  return null;
}
