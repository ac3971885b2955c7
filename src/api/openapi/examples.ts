/** Example of a request body and of the answer to it. */
export interface OperationExample {
  body?: object;
  reply?: object;
}

/** Examples by operation id. `test/api/openapi/document.test.ts` checks each against its schemas. */
export const EXAMPLES: Record<string, OperationExample> = {};
