# Slotwise. Every recipe is a script in tools/, which can be run by itself as well.

CARGO_FLAGS ?=
MINUTES ?= 10
export CARGO_FLAGS MINUTES

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##### Set-up

.PHONY: setup setup-build
setup: setup-build ## Install what building and testing need, into this folder
	@tools/setup.sh browser
setup-build:
	@tools/setup.sh rust node

##### Build

.PHONY: build wasm pkg cli decider site sizes
build: cli pkg site sizes ## Build the command line, the npm package and the Worker, and print their sizes

wasm: setup-build
	@tools/build-wasm.sh runtime
	@tools/build-wasm.sh compiler
	@tools/build-wasm.sh page
	@tools/build-wasm.sh profile
	@tools/build-wasm.sh rank
pkg: wasm
	@tools/with-env.sh node tools/build-pkg.mjs
cli: setup-build
	@tools/build-cli.sh
decider: setup-build
	@tools/with-env.sh cargo build --release $(CARGO_FLAGS) --package slotwise-decider
site: cli pkg
	@tools/with-env.sh node tools/build-site.mjs
sizes: pkg
	@tools/with-env.sh node tools/sizes.mjs

.PHONY: demo
demo: build ## Three visitors: what each slot shows and why; then a page to open
	@tools/with-env.sh node tools/demo.mjs

##### Check

.PHONY: test test-rust test-size test-node test-edge test-browser test-package
test: test-rust test-size test-node test-edge test-browser test-package ## Run every test
test-rust: setup-build ## Only the Rust tests
	@tools/with-env.sh cargo test $(CARGO_FLAGS) --workspace
test-size: build ## Only the size budgets
	@tools/with-env.sh node tools/sizes.mjs --check
test-node: build ## Only the tests of the npm package in Node
	@tools/test-js.sh node
test-edge: build ## Only the tests in workerd
	@tools/test-js.sh edge
test-browser: setup build decider ## Only the tests in Chromium
	@tools/test-js.sh browser
test-package: setup build ## Only the tests of the packed package in apps
	@tools/setup.sh apps
	@tools/test-js.sh package
.PHONY: test-spark
test-spark: ## Only the tests of the Spark jobs; they need Java 17 and half a gigabyte for Spark, so `make test` leaves them out
	@tools/test-spark.sh

.PHONY: conformance
conformance: setup build decider ## A million random cases against the references, and everywhere (SEED=, CASES=)
	@tools/with-env.sh node tools/conformance.mjs

.PHONY: soak
soak: build ## Load for MINUTES=10, with bundles published meanwhile: every answer compared, latency and memory reported
	@tools/with-env.sh node tests/soak/soak.mjs

.PHONY: fuzz
fuzz: setup-build ## Look for inputs that break a law, for MINUTES each (1)
	@tools/setup.sh fuzz
	@tools/fuzz.sh

.PHONY: lint fmt
lint: pkg ## Check format, lints and types
	@tools/lint.sh
fmt: setup-build ## Format everything
	@cargo fmt --all
	@tools/with-env.sh biome check --write

##### Measure

.PHONY: bench
bench: build ## Compare speed and size with what a site would use instead
	@tools/bench.sh $(TOPICS)

.PHONY: movielens
movielens: cli ## Learn from MovieLens-100K, beside Python: every figure of docs/learn.md
	@tools/movielens.sh

.PHONY: clean
clean: ## Remove what was built; the installed tools stay
	rm -rf target pkg/dist pkg/src/generated pkg/LICENSE-* worker/site .wrangler .tools/stamps/wasm-*
