/** The part of MJML that is used. The package has no types, and the published ones are of an older version. */
declare module 'mjml' {
  interface Options {
    validationLevel: 'strict';
    ignoreIncludes: boolean;
    /** Addresses of style sheets by the name of their font. */
    fonts: Record<string, string>;
    keepComments: boolean;
  }
  /** One of the `errors` of what a strict validation throws. */
  export interface Mistake {
    line: number;
    tagName: string;
    message: string;
  }
  export default function mjml2html(source: string, options: Options): Promise<{ html: string }>;
}
