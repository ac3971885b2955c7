# syntax=docker/dockerfile:1

# Throughline: one image for the API, the relay, the worker and every command. docs/deploy.md says how to run it.
#
#   docker build --tag throughline:local .
#
# For a reproducible build pin the base image by digest: --build-arg NODE_IMAGE=node:24.21.0-bookworm-slim@sha256:…
# Debian, not Alpine: Temporal's SDK is a native library that needs glibc.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY console/package.json ./console/
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build
# Without what only builds and tests need, and without the embedded Postgres of `npm start`. The console is in dist.
RUN npm prune --omit=dev --omit=optional --no-audit --no-fund && rm -f node_modules/throughline-console
# Temporal's SDK brings its library for five platforms, at 28 MB each.
RUN find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
      ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +
RUN ln -s throughline.mjs bin/throughline

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Throughline" \
      org.opencontainers.image.description="Customer journeys on Temporal: API, relay, worker and commands" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /opt/throughline
COPY --from=build /build/package.json /build/openapi.json /build/LICENSE ./
COPY --from=build /build/bin ./bin
COPY --from=build /build/examples ./examples
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
# Nothing is written to the file system: it may be read-only.
ENV NODE_ENV=production \
    PATH=/opt/throughline/bin:$PATH \
    HOST=0.0.0.0 \
    PORT=3000 \
    HEALTH_PORT=9090
EXPOSE 3000 9090
# By number, so that Kubernetes can see that it is not root.
USER 10001:10001
# SIGTERM reaches Node itself: a role lets its work in progress end, which takes up to 40 s. Stop with a grace of 45 s.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HEALTH_PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["throughline"]
CMD ["--help"]
