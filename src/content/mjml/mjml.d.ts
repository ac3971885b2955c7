/** What of the library is used: it brings no types, and those that others publish are of an older version. */
declare module 'mjml' {
  interface Options {
    validationLevel: 'strict';
    ignoreIncludes: boolean;
    /** Addresses of style sheets by the name of their font. */
    fonts: Record<string, string>;
    keepComments: boolean;
  }
  /** What a strict validation throws has `errors`. */
  export interface Mistake {
    line: number;
    tagName: string;
    message: string;
  }
  export default function mjml2html(source: string, options: Options): Promise<{ html: string }>;
}
