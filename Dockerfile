# Builds `comptoir` and puts it, alone, into a small image: docker build -t comptoir .
FROM rust:1.95-slim-trixie AS builder
WORKDIR /build

# The dependencies are a layer of their own, built against empty crates: it stays until a manifest changes.
COPY Cargo.toml Cargo.lock ./
COPY api/Cargo.toml api/
COPY domain/Cargo.toml domain/
COPY infra/Cargo.toml infra/
COPY migrations/Cargo.toml migrations/
COPY tests/Cargo.toml tests/
RUN mkdir -p api/src domain/src infra/src migrations/src tests/src tests/it \
    && touch api/src/lib.rs domain/src/lib.rs infra/src/lib.rs migrations/src/lib.rs tests/src/lib.rs \
    && echo 'fn main() {}' | tee api/src/main.rs > tests/it/main.rs \
    && cargo build --profile dist --locked --package comptoir-api

COPY . .
# Cargo goes by the time of change, which the copy keeps from before the empty crates were built.
RUN find . -path ./target -prune -o -name '*.rs' -exec touch {} + \
    && cargo build --profile dist --locked --package comptoir-api \
    && mkdir /data

FROM debian:trixie-slim
# Root certificates, for NATS over TLS.
COPY --from=builder /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=builder /build/target/dist/comptoir /usr/local/bin/
COPY --from=builder --chown=10001:10001 /data /data
USER 10001:10001
VOLUME /data
EXPOSE 8000
# It listens only once it has migrated and found its services.
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s CMD ["bash", "-c", ": </dev/tcp/127.0.0.1/8000"]
ENTRYPOINT ["comptoir"]
CMD ["serve", "--addr", "0.0.0.0:8000", "--data", "/data"]
