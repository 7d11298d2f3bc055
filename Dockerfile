# Sandport with its three programs: the command (`start`, all in one), the API alone, the worker alone.
#
#   docker build -t sandport .
#   docker run --rm -p 4646:4646 -e SANDPORT_ADMIN_TOKEN=off sandport
#
# On Postgres, Redis and S3-compatible storage: docker-compose.yml.
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN npx -y pnpm@10 install --frozen-lockfile
RUN npx -y pnpm@10 build
RUN npx -y pnpm@10 --filter sandport --prod deploy --legacy /out

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4646
WORKDIR /app
COPY --from=build /out ./
COPY --from=build /src/apps/api/dist api/
COPY --from=build /src/apps/worker/dist worker/
RUN mkdir -p /app/sandport-files && chown node /app/sandport-files
USER node
EXPOSE 4646
HEALTHCHECK --interval=5s --timeout=4s --start-period=20s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/_sandport/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js", "start"]
