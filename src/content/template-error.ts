/** A template that can't be read or rendered. A retry would fail again, so the delivery ends as `failed`. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}
