# Two programs in one small image: `rehearsal` (the emulator, its command line)
# and `pipeline` (the agents, for the emulator or for real AWS).
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# The `aws` feature lets the same pipeline image reach real AWS over TLS.
RUN cargo build --release --locked -p rehearsal -p rehearsal-pipeline --features rehearsal-pipeline/aws \
 && mkdir /out && cp target/release/rehearsal target/release/pipeline /out/

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 rehearsal
COPY --from=build /out/ /usr/local/bin/
USER rehearsal
EXPOSE 4566 8080
# In a container, loopback is the container's own: listen where the network reaches.
ENV REHEARSAL_HOST=0.0.0.0
HEALTHCHECK --interval=5s --timeout=2s --start-period=1s CMD ["rehearsal", "healthcheck"]
CMD ["rehearsal", "serve"]
