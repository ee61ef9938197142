SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: help
help: ## Show the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# node_modules holds Node 24 itself; npm of any age installs it, and no package's script runs.
node_modules/.installed: package.json package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js with npm (any version from 20 on; the project brings its own Node 24)" >&2; exit 1; }
	@echo "npm ci"
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: check
check: node_modules/.installed ## Types, lint, format, unit and architecture tests (≤ 3 min).
	@tsc --noEmit
	@tsc --noEmit -p control-plane/ui
	@eslint .
	@prettier --check --log-level warn .
	@vitest run --project unit

.PHONY: test
test: node_modules/.installed ## Everything a change must pass: check, then the core on a real cluster (≤ 25 min warm).
	@node test/tiers.ts core

.PHONY: test-all
test-all: node_modules/.installed ## test, and the rest on the cluster.
	@node test/tiers.ts all

.PHONY: test-long
test-long: node_modules/.installed ## Breaks, soak and bench; never in CI.
	@node test/tiers.ts long

.PHONY: demo
demo: node_modules/.installed ## Set everything up and run the main job, told step by step; leaves the cluster running.
	@node examples/demo.ts

.PHONY: cluster
cluster: node_modules/.installed ## Bring up the Kubernetes of CLUSTER_NAME and print its kubeconfig.
	@node test/cluster/main.ts up

.PHONY: cluster-down
cluster-down: node_modules/.installed ## Stop that cluster and leave nothing of it.
	@node test/cluster/main.ts down

.PHONY: cluster-build
cluster-build: node_modules/.installed ## Only build the cluster's binaries into the cache.
	@node test/cluster/main.ts build

.PHONY: images
images: node_modules/.installed ## Build the images of the project, the demo and the tests.
	@node test/images/main.ts build

.PHONY: ui
ui: node_modules/.installed ## Build the web UI into control-plane/ui/dist.
	@vite build --logLevel warn

.PHONY: outcomes
outcomes: node_modules/.installed ## Decide the outcomes of the recorded runs in CASES (test/outcomes/README.md says what a case is).
	@node test/outcomes/main.ts

.PHONY: ids
ids: node_modules/.installed ## List what can go wrong, by id, and the tests that show it does not.
	@node test/ids/main.ts

.PHONY: policies
policies: node_modules/.installed ## Write the policies that are made from policies/source.
	@node policies/generate.ts

.PHONY: api
api: node_modules/.installed ## Write the documents of the control plane's API that are made from its routes.
	@node control-plane/api/write-documents.ts

.PHONY: conformance
conformance: node_modules/.installed ## Every case of the contract on every engine that is there; CASES=<dir>, ENGINES=a,b.
	@node test/conformance/main.ts

.PHONY: breaks
breaks: node_modules/.installed ## Break the project on purpose, patch by patch, and see the right tests turn red.
	@node test/breaks/main.ts

.PHONY: bench
bench: node_modules/.installed ## Measure what each engine takes, side by side; writes test/bench/engines.md (≈ 6 min).
	@node examples/demo.ts setup
	@node test/kyverno/main.ts install
	@node test/bench/engines/main.ts

.PHONY: format
format: node_modules/.installed ## Format the sources.
	@prettier --write --log-level warn .
