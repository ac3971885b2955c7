/** How @hey-api/openapi-ts writes the client; the test names the document. */
export default {
  output: { path: 'sdk', importFileExtension: '.ts' },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
  logs: { file: false },
};
