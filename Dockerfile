# Builds `comptoir` and puts it, alone, into a small image: docker build -t comptoir .
FROM rust:1.95-slim-trixie AS builder
WORKDIR /build

COPY . .
# The dependencies are built once: the folder they are built in outlives the layer.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --profile dist --locked --package comptoir-api \
    && cp target/dist/comptoir /usr/local/bin/ \
    && mkdir /data

FROM debian:trixie-slim
# Root certificates, for NATS over TLS.
COPY --from=builder /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=builder /usr/local/bin/comptoir /usr/local/bin/
COPY --from=builder --chown=10001:10001 /data /data
USER 10001:10001
VOLUME /data
EXPOSE 8000
# It listens only once it has migrated and found its services.
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s CMD ["bash", "-c", ": </dev/tcp/127.0.0.1/8000"]
ENTRYPOINT ["comptoir"]
CMD ["serve", "--addr", "0.0.0.0:8000", "--data", "/data"]
