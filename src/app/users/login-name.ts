/** A login as it is stored and compared. */
export function normaliseLogin(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

/** Whether a login, once it is normalised, can be one: `kim`, `kim@aroma.example`. */
export function isLogin(login: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,99}$/u.test(login);
}
