# `just` lists these; each is one cargo or shell command.

_list:
    @{{ just_executable() }} --list --unsorted

# Serve the demo shop from ./data
run:
    cargo run -- serve --demo

# Run the tests alone; with a filter, those that match it
test *filter:
    tests/run -- {{ filter }}

# Run everything that must pass: format, lints, tests, schema, policy
ci:
    tests/run

# Format the code
fmt:
    cargo fmt --all

# Lint the code
lint:
    cargo clippy --workspace --all-targets --locked -- -D warnings

# Write schema.graphql from the code
schema:
    cargo run --quiet -- schema > schema.graphql

# Migrate the database that DATABASE_URL or ./data names
migrate:
    cargo run -- migrate

# Rebuild the search index beside the old one, then swap
reindex:
    cargo run -- reindex

# Start the service with PostgreSQL, Meilisearch and NATS in containers
up:
    docker compose up --build
