const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');

/** What the content security policy of this page demands of a `<style>` that a library adds. */
export const nonce: string = meta?.nonce ?? '';

/** The scroll lock of dialogs and menus reads it under the name that webpack has given it. */
export function passNonceToLibraries(): void {
  Object.assign(globalThis, { __webpack_nonce__: nonce });
}
