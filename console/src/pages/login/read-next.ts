/** Where to go after the login: a page of this console, whatever the link says. */
export function readNext(next: string | undefined): { to: string; search: Record<string, string> } {
  // A second slash, or what browsers take for one, would name another site.
  if (!next || !/^\/(?![/\\])/.test(next)) return { to: '/', search: {} };
  const [to = '/', query = ''] = next.split('?', 2);
  return { to, search: Object.fromEntries(new URLSearchParams(query.split('#')[0])) };
}
